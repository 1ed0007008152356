/** Every screen, by address: for the journeys that look at all of them, and for the pictures. */
import type { Desk } from "./desk";
import type { Phone } from "./phone";
import { DEMO } from "./server";

export interface Screen {
  /** For file names. */
  name: string;
  path: string;
  heading: string | RegExp;
  /** A link that is on it once it has read what the phone holds, where that takes a moment. */
  shows?: string;
  /** Only admins may see it. */
  admin?: true;
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
    { name: "our-words", path: "/our-words", heading: "Our words", shows: "Recovery plan" },
    { name: "your-experience", path: "/your-experience", heading: "Your experience", shows: "Tell us how it was" },
    { name: "tell", path: "/your-experience/new", heading: "Tell us how it was" },
    { name: "my-sign-ups", path: "/my-sign-ups", heading: "My sign-ups" },
    { name: "help-now", path: "/help-now", heading: "You can get help now." },
    { name: "my-phone", path: "/my-phone", heading: "My phone and privacy" },
    { name: "my-phones", path: "/my-phone/phones", heading: "My phones", shows: "Leave on this phone" },
    { name: "leave", path: "/my-phone/leave", heading: "Leave on this phone" },
    { name: "delete-shared", path: "/my-phone/delete-shared", heading: "Delete what I shared" },
    { name: "leave-chorus", path: "/my-phone/leave-chorus", heading: "Leave Chorus" },
    { name: "pin", path: "/my-phone/pin", heading: "Your PIN" },
    { name: "copy", path: "/my-phone/copy", heading: "A copy of everything" },
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
  const person = await desk.page.getByRole("link", { name: /^Open Sam/ }).first().getAttribute("href");
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
    { name: "desk-audit", path: "/staff/audit", heading: "Who read what", admin: true },
    { name: "desk-help-now", path: "/staff/help-now", heading: "Help now" },
    { name: "desk-join-codes", path: "/staff/join-codes", heading: "Join codes" },
    { name: "desk-join-code", path: "/staff/join-codes/STARDEMO", heading: "Harbour team, everyone" },
    { name: "desk-join-code-stop", path: "/staff/join-codes/STARDEMO/stop", heading: /^Stop the code/ },
    { name: "desk-join-poster", path: "/staff/join-codes/STARDEMO/poster", heading: "Take part, in your own way" },
    { name: "desk-join-cards", path: "/staff/join-codes/STARDEMO/cards", heading: "Cards to print" },
  ];
}

/** The screens of an admin alone. */
export async function adminScreens(desk: Desk): Promise<Screen[]> {
  await desk.open("/staff/teams");
  const team = await desk.page.getByRole("link", { name: "Open Harbour team" }).getAttribute("href");
  await desk.open("/staff/help-now");
  const line = await desk.page.getByRole("link", { name: "Change Harbour crisis line" }).getAttribute("href");
  return [
    { name: "desk-teams", path: "/staff/teams", heading: "Teams", admin: true },
    { name: "desk-team", path: team ?? "", heading: "Change Harbour team", admin: true },
    { name: "desk-help-now-admin", path: "/staff/help-now", heading: "Help now", admin: true },
    { name: "desk-help-line", path: line ?? "", heading: "Change a line", admin: true },
    { name: "desk-help-line-gone", path: `${line}/take-away`, heading: /^Take away/, admin: true },
    { name: "desk-retention", path: "/staff/retention", heading: "How long we keep things", admin: true },
  ];
}

/**
 * The pages around "I'm worried about someone's safety", mail, and what only admins open: set up by an admin who
 * reads the records, with a record about the first check-in. Each comes with whose screen it is.
 */
export async function safetyScreens(desk: Desk, admin: Desk): Promise<(Screen & { by: Desk })[]> {
  await admin.setUpSafety();
  await desk.open("/staff/check-ins?show=new");
  await desk.page.getByRole("link", { name: /^Open the check-in/ }).first().click();
  await desk.writeSafetyRecord();
  const received = new URL(desk.page.url()).pathname;
  await desk.open("/staff/check-ins?show=opened");
  await desk.page.getByRole("link", { name: /^Open the check-in/ }).first().click();
  await desk.worried.click();
  const worried = new URL(desk.page.url()).pathname;
  await admin.open("/staff/safety");
  const record = await admin.page.getByRole("link", { name: /^Open the record/ }).first().getAttribute("href");
  return [
    { by: desk, name: "desk-worried", path: worried, heading: "I'm worried about someone's safety" },
    { by: desk, name: "desk-worried-received", path: received, heading: "It is written down" },
    { by: admin, name: "desk-safety-records", path: "/staff/safety", heading: "Safety records" },
    { by: admin, name: "desk-safety-record", path: record ?? "", heading: /./ },
    { by: admin, name: "desk-safeguarding", path: "/staff/safety/settings", heading: "Safeguarding" },
    { by: admin, name: "desk-mail", path: "/staff/mail", heading: "Tell me by email" },
  ];
}
