/** Every screen, by address: for the journeys that look at all of them, and for the pictures. */
import type { Desk } from "./desk";
import type { Phone } from "./phone";
import { DEMO } from "./server";

export interface Screen {
  /** For file names. */
  name: string;
  path: string;
  heading: string | RegExp;
}

/** The member screens. The two that belong to an opportunity are found as a person finds them. */
export async function memberScreens(phone: Phone): Promise<Screen[]> {
  await phone.go("/take-part");
  await phone.link(DEMO.staffOpportunity).click();
  await phone.heading(DEMO.staffOpportunity).waitFor();
  const opportunity = new URL(phone.page.url()).pathname;
  const signUp = await phone.link("I'd like to take part").first().getAttribute("href");
  return [
    { name: "today", path: "/", heading: /^Hello/ },
    { name: "check-in", path: "/check-in", heading: "How are things right now?" },
    { name: "check-ins", path: "/check-ins", heading: "My check-ins" },
    { name: "take-part", path: "/take-part", heading: "Take part" },
    { name: "opportunity", path: opportunity, heading: DEMO.staffOpportunity },
    { name: "sign-up", path: signUp ?? "", heading: "I'd like to take part" },
    { name: "my-sign-ups", path: "/my-sign-ups", heading: "My sign-ups" },
    { name: "help-now", path: "/help-now", heading: "You can get help now." },
    { name: "my-phone", path: "/my-phone", heading: "My phone and privacy" },
    { name: "my-phones", path: "/my-phone/phones", heading: "My phones" },
    { name: "leave", path: "/my-phone/leave", heading: "Leave on this phone" },
    { name: "join", path: "/join", heading: "Join Chorus" },
    { name: "notice", path: "/notice", heading: "What we keep and why" },
    { name: "install", path: "/install", heading: "Put Chorus on your phone" },
    { name: "my-plan", path: "/my-plan", heading: "My plan" },
    { name: "what-changed", path: "/what-changed", heading: "What changed" },
  ];
}

/** The address that is no screen, which only a server can say. */
export const NOT_FOUND: Screen = { name: "not-found", path: "/nothing-here", heading: "That page isn't here" };

/** The staff screens, with what is on them opened. */
export async function staffScreens(desk: Desk): Promise<Screen[]> {
  await desk.open("/staff/sign-ups");
  const signUp = await desk.page.getByRole("link", { name: /^Open the sign-up/ }).first().getAttribute("href");
  await desk.open("/staff/check-ins");
  const checkIn = await desk.page.getByRole("link", { name: /^Open the check-in/ }).first().getAttribute("href");
  await desk.open("/staff/people");
  const person = await desk.page.getByRole("link", { name: /^Open / }).first().getAttribute("href");
  await desk.open(person ?? "");
  const lost = await desk.page.getByRole("link", { name: /^Lost phone/ }).first().getAttribute("href");
  return [
    { name: "desk-sign-ups", path: "/staff/sign-ups", heading: "Not looked at yet" },
    { name: "desk-sign-up", path: signUp ?? "", heading: /./ },
    { name: "desk-check-ins", path: "/staff/check-ins", heading: "Not opened yet" },
    { name: "desk-check-in", path: checkIn ?? "", heading: /./ },
    { name: "desk-people", path: "/staff/people", heading: "People" },
    { name: "desk-person", path: person ?? "", heading: /./ },
    { name: "desk-lost-phone", path: lost ?? "", heading: /^A lost phone/ },
    { name: "desk-audit", path: "/staff/audit", heading: "Who read what" },
  ];
}
