/** Pictures of running an opportunity: writing it, its sessions, two who write at once, ending it; and what members see. */
import { resolve } from "node:path";
import type { Page } from "@playwright/test";
import { addSession, showToMembers, startWriting, WHOLE, write } from "../programme";
import { test } from "../test";

const FOLDER = resolve(__dirname, "../../../docs/screens");
const SIZES = { phone: { width: 360, height: 740 }, desktop: { width: 1280, height: 800 } };
const NAME = "Kinder letters";

test.setTimeout(600_000);

test("an opportunity, from the first word to what came of it", async ({ adminDesk, desk, network, phone }) => {
  const { page } = desk;
  await startWriting(desk, NAME);
  await adminDesk.open(new URL(page.url()).pathname);
  await write(page, {
    ...WHOLE,
    "Why it is done": "People told us that our letters frighten them.",
    "How long": "One afternoon a week, for three weeks. Come to one, or to all.",
    "Who is there": "Priya and one more worker are there all the time.",
    "Who to talk to before and after": "Dee",
    "Who to ask": "Priya, 01632 960 101",
    Travel: "We pay buses, trains and mileage.",
    "Thank-you": "A £15 voucher for each afternoon.",
    Benefits: "It may change some benefits. Ask us first. Harbour Advice is not part of us, and free: 01632 960 150.",
    "Training before": "None.",
    "What people agree to": "What is said here stays here.\n\nIf something worries you, tell Priya. That is always fine.",
    Access: "Step-free. A quiet room. Bring someone with you if you like.",
  });
  await page.getByLabel("We can pay travel before the day.").check();
  await page.getByLabel("Members choose: all of it, less, or none").check();
  await takeWhole(page, "desk-opportunity-write");
  await page.getByRole("button", { name: "Keep it, and see it as a member will" }).click();
  await takeWhole(page, "desk-opportunity-preview");
  await adminDesk.page.getByLabel("Why it is done").fill("So that letters are read.");
  await adminDesk.page.getByRole("button", { name: "Keep this for later" }).click();
  await takeWhole(adminDesk.page, "desk-opportunity-changed");
  await page.getByRole("link", { name: "Back to the desk" }).click();
  await addSession(page, 2, { "How many places": "6", "Who leads it": "Dee", Breaks: "One in the middle" });
  await page.getByLabel("How places are given").selectOption("At once, in the order they reach us");
  await page.getByLabel("Repeat", { exact: true }).selectOption("Every week");
  await page.getByLabel("How many in all").fill("3");
  await takeWhole(page, "desk-session-new");
  await page.getByRole("button", { name: "Add", exact: true }).click();
  await showToMembers(page);

  await phone.join("Sam");
  await phone.startSignUp(NAME);
  await phone.page.getByRole("radio", { name: /^Tuesday/ }).first().check();
  await phone.nextUntil(phone.page.getByRole("checkbox", { name: "I've read this, and I agree" }));
  await takeWhole(phone.page, "sign-up-agreement");
  await phone.page.getByRole("checkbox", { name: "I've read this, and I agree" }).check();
  await phone.nextUntil(phone.page.getByRole("radio", { name: "Some of it. Please talk to me first" }));
  await takeWhole(phone.page, "sign-up-thanks");
  await phone.nextUntil(phone.button("Ask for a place"));
  await phone.button("Ask for a place").click();
  await phone.expectNothingWaiting();
  await page.reload();
  await takeWhole(page, "desk-opportunity");
  await page.getByRole("link", { name: /^Open the session Tuesday/ }).first().click();
  await takeWhole(page, "desk-session");
  await page.getByRole("link", { name: "Move it to another time…" }).click();
  await page.getByLabel("Time", { exact: true }).fill("10:30");
  await page.getByLabel("Why it moves").fill("The room is taken in the afternoon.");
  await takeWhole(page, "desk-session-move");
  await page.getByRole("button", { name: "See what people will read" }).click();
  await takeWhole(page, "desk-session-move-seen");
  await page.getByRole("button", { name: "Move it" }).click();
  await page.getByRole("link", { name: `Back to ${NAME}` }).click();
  await page.getByRole("link", { name: "Change it" }).click();
  await page.getByLabel("What people agree to").fill("What is said here stays here. No names outside.");
  await page.getByRole("button", { name: "Show the changes to members" }).click();
  await phone.expectSynced(network);
  await phone.go("/my-sign-ups");
  await phone.button("I agree to this").waitFor();
  await takeWhole(phone.page, "my-sign-ups-moved");
  await phone.link(NAME).click();
  await phone.page.getByText("Read the agreement").click();
  await takeWhole(phone.page, "opportunity-moved");

  await page.getByRole("link", { name: "Call it off…" }).click();
  await page.getByLabel("Your words for everyone who signed up").fill("The money was cut. Sorry. We keep what you said.");
  await page.getByRole("button", { name: /^See what everyone/ }).click();
  await takeWhole(page, "desk-opportunity-cancel");
  await page.getByRole("button", { name: "Call it off and send this" }).click();
  await phone.expectSynced(network);
  await phone.go("/my-sign-ups");
  await phone.link(NAME).click();
  await phone.page.getByText("This is called off.").waitFor();
  await takeWhole(phone.page, "opportunity-cancelled");
  await desk.open("/staff/opportunities");
  await takeWhole(page, "desk-opportunities");
  await page.getByRole("link", { name: "Open Help choose our next support worker" }).click();
  await page.getByRole("link", { name: "A letter for a benefits office" }).click();
  await page.getByLabel("Their full name").fill("Alex Example");
  await page.getByLabel("Your organisation, with its address").fill("Harbour House, 1 Example Street, Exampleton");
  await page.getByRole("button", { name: "Make the letter" }).click();
  await takeWhole(page, "desk-letter");
  await phone.go("/take-part");
  await phone.link("Look at our appointment letters").click();
  await phone.page.getByRole("heading", { name: "What came of it" }).waitFor();
  await takeWhole(phone.page, "opportunity-reported-back");
});

/** From top to bottom. */
async function takeWhole(page: Page, name: string): Promise<void> {
  for (const [size, viewport] of Object.entries(SIZES)) {
    await page.setViewportSize(viewport);
    for (const colorScheme of ["light", "dark"] as const) {
      await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
      await page.screenshot({ path: `${FOLDER}/${name}-${size}-${colorScheme}.png`, fullPage: true });
    }
  }
}
