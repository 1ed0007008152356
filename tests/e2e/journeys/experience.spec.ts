/** Your experience: told with no signal and after a killed app, narrowed, taken back, and a story in two taps. */
import { randomUUID } from "node:crypto";
import type { Locator, Page } from "@playwright/test";
import { expectNoViolations } from "../axe";
import { lookEveryWay } from "../look";
import type { Phone } from "../phone";
import { DEMO, type Server } from "../server";
import { expect, test } from "../test";

test.setTimeout(240_000);

const SOON = { timeout: 30_000 };
const GOOD = "Somebody <b>sat</b> with me \u202e all night 🐦";
const DIFFERENT = "w".repeat(300);
const STORY = "Somebody sat with me all night.\nI have not forgotten it.";

/** What the desk does with what came last: see `tests/seed/told.rs`. */
const desk = (server: Server, step: object): void => server.seed(step);

/** Asks for what is new until it is there. */
async function comes(phone: Phone, path: string, what: () => Locator): Promise<void> {
  await expect(async () => {
    await phone.go(path);
    await expect(what()).toBeVisible({ timeout: 3_000 });
  }).toPass(SOON);
}

const field = (page: Page, name: string): Locator => page.getByRole("textbox", { name, exact: true });

async function next(phone: Phone): Promise<void> {
  const at = new URL(phone.page.url()).hash;
  await phone.button("Next").click();
  await phone.page.waitForURL((url) => url.hash !== at);
}

/** From the question after "What could have been different?" on: to the team, in public under a name. */
async function answerTheRest(phone: Phone, use: string): Promise<void> {
  await field(phone.page, "When was it, about?").fill("Last winter");
  await next(phone);
  await phone.choose("No");
  await next(phone);
  await phone.choose(use);
  await next(phone);
  if (use.endsWith("with my name")) {
    await field(phone.page, "What name should we show?").fill("Kit");
    await next(phone);
  }
  await phone.choose("Yes");
  await next(phone);
}

/** Tells something, and sends it. Gives its address. */
async function tell(phone: Phone, use = "For anyone to read, with my name"): Promise<string> {
  await phone.go("/your-experience/new");
  await phone.button("Start").click();
  await phone.choose("Crisis care");
  await next(phone);
  await field(phone.page, "What was good?").fill(GOOD);
  await next(phone);
  await field(phone.page, "What could have been different?").fill(DIFFERENT);
  await next(phone);
  await answerTheRest(phone, use);
  await phone.page.getByRole("checkbox", { name: `Yes, send this to ${DEMO.team}` }).check();
  await phone.button("Send").click();
  await expect(phone.heading("Thank you for telling us.")).toBeVisible();
  return (await phone.link("What you told us").first().getAttribute("href")) ?? "";
}

test("it is told with no signal, stopped, killed in the middle, gone on with, and sent", async ({ network, phone }) => {
  await phone.join("Sam");
  await phone.go("/take-part");
  await phone.link("Your experience").click();
  await expect(phone.heading("Your experience")).toBeVisible();
  await lookEveryWay(phone.page, "your experience, nothing told");
  await phone.worksOffline();
  await phone.context.setOffline(true);
  await phone.link("Tell us how it was").click();
  await expect(phone.page.getByRole("heading", { name: "Before you start" })).toBeVisible();
  await expect(phone.page.locator("main").getByRole("link", { name: "Help now" }).first()).toBeVisible();
  await lookEveryWay(phone.page, "before you start");
  await phone.button("Start").click();
  await expect(phone.page.getByText("Question 1 of 7").filter({ visible: true })).toBeVisible();
  await lookEveryWay(phone.page, "where was it");
  await next(phone);
  await field(phone.page, "What was good?").pressSequentially("Somebody sat wi");
  await expect(phone.page.locator("main").getByRole("link", { name: "Help now" }).first()).toBeVisible();
  await expect.poll(async () => (await phone.stores()).drafts).toContain("Somebody sat wi");

  // The app is killed in the middle of a word, and opened again with no signal.
  await phone.killAndReopen("/your-experience", { offline: true });
  await expect(phone.page.getByText("You began one.")).toBeVisible();
  await phone.link("Go on with what you began").click();
  await phone.button("Start").click();
  await next(phone);
  await expect(field(phone.page, "What was good?")).toHaveValue("Somebody sat wi");
  await field(phone.page, "What was good?").fill(GOOD);
  await phone.link("Stop for now").click();
  await expect(phone.heading("Your experience")).toBeVisible();
  await phone.link("Go on with what you began").click();
  await phone.page.goto("/your-experience/new#different", { waitUntil: "commit" });
  await phone.ready();
  await field(phone.page, "What could have been different?").fill(DIFFERENT);
  await next(phone);
  await answerTheRest(phone, "In training for staff, without my name");
  await expect(phone.page.getByText(GOOD)).toBeVisible();
  await lookEveryWay(phone.page, "check your answers");

  // Without a yes it is not sent, and says what is missing.
  await phone.button("Send").click();
  await expect(phone.page.getByText(`please tick “Yes, send this to ${DEMO.team}”`)).toBeVisible();
  await phone.page.getByRole("checkbox", { name: `Yes, send this to ${DEMO.team}` }).check();
  await phone.button("Send").click();
  await expect(phone.heading("Thank you for telling us.")).toBeVisible();
  await expect(phone.page.getByText("Not sent yet, safe here")).toBeVisible();
  await phone.link("What you told us").first().click();
  await expect(phone.page.getByText("Not sent yet, safe here").first()).toBeVisible();
  await lookEveryWay(phone.page, "told and not sent yet");
  expect(network.carrying("sat</b> with me")).toEqual([]);
  await phone.context.setOffline(false);
  await expect(phone.page.getByText(/^Sent /)).toBeVisible(SOON);
  await phone.go("/your-experience");
  await expect(phone.page.getByText("You began one.")).toHaveCount(0);
  await expect(phone.page.getByText("Crisis care")).toHaveCount(0);
  await lookEveryWay(phone.page, "your experience, one told");
});

test("each step is seen, answered back to, allowed for less, and taken back with what cannot be undone", async ({
  phone,
  server,
}) => {
  await phone.join("Sam");
  const path = await tell(phone, "In training for staff, without my name");
  await expect(phone.page.getByText(/^Sent /)).toBeVisible(SOON);
  desk(server, { reply: ["Thank you. <i>We</i> heard you.", "There is a quiet room now."] });
  await comes(phone, path, () => phone.page.getByText("Thank you. <i>We</i> heard you."));
  for (const step of ["Seen by Priya", "Priya is looking into it", "You have a reply", "There is a quiet room now."])
    await expect(phone.page.getByText(step)).toBeVisible();
  await expect(phone.page.getByText("Your team reads this. Nobody else does.")).toBeVisible();
  await lookEveryWay(phone.page, "told and replied");

  await phone.context.setOffline(true);
  await phone.button("Answer back").click();
  await phone.page.getByLabel("Your answer").fill("Good. Thank you.");
  await phone.button("Send").click();
  await expect(phone.page.getByText("Good. Thank you.")).toBeVisible();
  await expect(phone.page.getByText("Not sent yet, safe here")).toBeVisible();
  await phone.context.setOffline(false);
  await expect(phone.page.getByText("Not sent yet, safe here")).toHaveCount(0, SOON);
  await expect(phone.page.getByText("Good. Thank you.")).toHaveCount(1);

  await expect(phone.page.getByText("Now: In training for staff, without my name")).toBeVisible();
  await phone.context.setOffline(true);
  await phone.button("Change this").click();
  await lookEveryWay(phone.page, "how we may use it");
  await phone.choose("Only to make the service better");
  await phone.button("Use it like this").click();
  await expect(phone.page.getByText("Now: Only to make the service better")).toBeVisible();
  await expect(phone.page.getByText("Your change is not sent yet. It's safe here.")).toBeVisible();
  await phone.context.setOffline(false);
  await expect(phone.page.getByText("Your change is not sent yet. It's safe here.")).toHaveCount(0, SOON);
  await expect(phone.page.getByText("Now: Only to make the service better")).toBeVisible();

  desk(server, { print: "impact_report" });
  await comes(phone, path, () => phone.page.getByText(/^Your words were in a printed report on /));
  await phone.button("Take all of it back").click();
  await phone.button("Yes, take it back").click();
  await expect(phone.page.getByText("You took this back. Priya had read it.", { exact: false })).toBeVisible(SOON);
  await expect(phone.page.getByText(GOOD)).toHaveCount(0);
  await expect(phone.page.getByText(/^Your words were in a printed report on /)).toBeVisible();
  await lookEveryWay(phone.page, "taken back");
});

test("a story is told in the words that were said yes to, and taken down in two taps", async ({ browser, phone, server }) => {
  await phone.join("Sam");
  const path = await tell(phone);
  await expect(phone.page.getByText(/^Sent /)).toBeVisible(SOON);
  const id = randomUUID();
  desk(server, { propose: [id, STORY] });
  await comes(phone, path, () => phone.button("Yes, you can tell it in these words"));
  await expect(phone.page.getByText("We checked that it names nobody else.")).toBeVisible();
  await expect(field(phone.page, "The name to show, if you like")).toHaveValue("Kit");
  await lookEveryWay(phone.page, "a story to say yes to");
  await phone.button("Yes, you can tell it in these words").click();
  await expect(phone.page.getByText("You said yes to these words. It's not shown yet.")).toBeVisible(SOON);

  const passer = await browser.newPage({ baseURL: server.url });
  const at = async (address: string): Promise<number> => (await passer.goto(address))?.status() ?? 0;
  expect(await at(`/stories/${id}`)).toBe(404);
  desk(server, { publish: id });
  expect(await at(`/stories/${id}`)).toBe(200);
  await expect(passer.getByText("I have not forgotten it.")).toBeVisible();
  await expect(passer.getByText("By \u2068Kit\u2069")).toBeVisible();
  await expect(passer.getByText(DIFFERENT)).toHaveCount(0);
  await lookEveryWay(passer, "a story");
  await at("/stories");
  await expect(passer.getByRole("link", { name: /^Somebody sat with me/ })).toBeVisible();
  await lookEveryWay(passer, "stories");

  await comes(phone, path, () => phone.page.getByText("Anyone can read this now."));
  await lookEveryWay(phone.page, "a story that everyone reads");
  await phone.button("Take it down").click();
  await phone.button("Yes, take it down").click();
  await expect(phone.page.getByText("Your story is not shown. Its words are gone from Chorus.")).toBeVisible(SOON);
  await expect(phone.page.getByText(/^People could read your story from /)).toBeVisible();
  await lookEveryWay(phone.page, "a story that was taken down");
  await expect.poll(() => at(`/stories/${id}`), SOON).toBe(410);
  await expect(passer.getByText("This story was taken down.")).toBeVisible();
  await expectNoViolations(passer, "a story that is gone");
  await at("/stories");
  await expect(passer.getByText("There are no stories to read right now.")).toBeVisible();
  await passer.close();
});

test("what is about somebody who works here goes to the one who was picked, and those outside are shown", async ({
  phone,
  server,
}) => {
  await phone.join("Sam");
  await phone.go("/your-experience/new");
  await phone.button("Start").click();
  await next(phone);
  await field(phone.page, "What was good?").fill("The tea");
  for (let question = 0; question < 3; question += 1) await next(phone);
  await phone.choose("Yes");
  await next(phone);
  await expect(phone.page.getByText("Nobody is named for this here yet.")).toBeVisible();
  await expect(phone.link("Ring 03000 616161")).toHaveAttribute("href", "tel:03000616161");
  await lookEveryWay(phone.page, "nobody to pick");
  desk(server, { name: ["Odile Marsh", "A trustee, who works in no team"] });
  desk(server, { name: ["Bram Reed", "A chaplain"] });
  await phone.expectNothingWaiting();
  await phone.go("/your-experience/new#person");
  await expect(phone.page.getByRole("radio", { name: /^Odile Marsh/ })).toBeVisible(SOON);
  await lookEveryWay(phone.page, "whom to pick");
  await phone.page.getByRole("radio", { name: /^Odile Marsh/ }).check();
  await next(phone);
  await phone.choose("Only to make the service better");
  await next(phone);
  await phone.choose("No");
  await next(phone);
  await expect(phone.page.getByText("Only Odile Marsh will read this.")).toBeVisible();
  await phone.page.getByRole("checkbox", { name: "Yes, send this to Odile Marsh" }).check();
  await phone.button("Send").click();
  await expect(phone.page.getByText(/^Sent /)).toBeVisible(SOON);
  await phone.link("What you told us").first().click();
  await expect(phone.page.getByText("Only Odile Marsh reads this. Your team can't.")).toBeVisible();
});
