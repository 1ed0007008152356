/** Pictures of Our words: reading and saying something on a phone, and the desk's pages. */
import { resolve } from "node:path";
import type { Page } from "@playwright/test";
import type { Phone } from "../phone";
import { expect, test } from "../test";

const FOLDER = resolve(__dirname, "../../../docs/screens");
const SIZES = { phone: { width: 360, height: 740 }, desktop: { width: 1280, height: 800 } };

test.setTimeout(300_000);

test("our words on a phone", async ({ phone }) => {
  await phone.join("Femi");
  await phone.go("/take-part");
  await phone.link("Letters and words").click();
  await phone.page.getByRole("checkbox", { name: "I've read this, and I agree" }).check();
  await phone.button("Join this group").click();
  await phone.page.getByText("You are in this group.").waitFor({ timeout: 30_000 });
  await phone.go("/our-words");
  await phone.link("Recovery plan").waitFor();
  await takeAll(phone.page, "our-words");
  await phone.link("Recovery plan").click();
  await phone.page.getByText("1 thing said").first().waitFor({ timeout: 30_000 });
  await takeAll(phone.page, "our-words-document");
  await open(phone, "My goals for the future");
  await phone.page.getByText("Yes. A plan can be about today.").waitFor();
  await phone.button("This speaks for me too").click();
  await takeAll(phone.page, "our-words-others");
  await open(phone, "You must fill in every box.");
  await phone.worksOffline();
  await phone.context.setOffline(true);
  await phone.page.getByLabel("How does this feel to read?").fill("Like being told off");
  await phone.page.getByLabel("What would you say instead?").fill("Leave out what you like");
  await takeAll(phone.page, "our-words-say");
  await phone.button("Send this").click();
  await phone.page.getByText("Not sent yet, safe here").first().waitFor();
  await takeAll(phone.page, "our-words-not-sent");
  await phone.context.setOffline(false);
});

test("our words at the desk", async ({ desk }) => {
  const { page } = desk;
  await desk.open("/staff/words");
  await takeAll(page, "staff-words");
  await page.getByRole("link", { name: "Bring in a document" }).click();
  await takeAll(page, "staff-words-new");
  await page.getByLabel("What is it called?").fill("A first visit");
  await page.getByLabel("Its words").fill("# Your visit\n\nCome when you can. Bring someone.\n\n- Tea\n- Time");
  await page.getByRole("button", { name: "See the phrases" }).click();
  await takeAll(page, "staff-words-phrases");
  await desk.open("/staff/words");
  await page.getByRole("link", { name: "Open Recovery plan" }).click();
  await takeAll(page, "staff-words-board");
  await page.getByRole("link", { name: "Open what was said about: My goals for the future" }).click();
  await takeAll(page, "staff-words-suggestion");
  await page.getByRole("link", { name: "Decide it" }).click();
  await page.getByLabel("Some of it changes").check();
  await page.getByLabel("Why?").fill("We keep a heading, and it is about what helps now.");
  await page.getByLabel("Who took part?").fill("The Letters and words group, and two nurses.");
  await page.getByLabel("The new words, if there are any").fill("What helps me");
  await takeAll(page, "staff-words-decide");
  await page.getByRole("button", { name: "See what they will read" }).click();
  await takeAll(page, "staff-words-preview");
  await page.getByRole("button", { name: "Decide, and tell them" }).click();
  await expect(page.getByText("It is decided, and the person is told.")).toBeVisible();
  await page.getByRole("link", { name: "Back to Recovery plan" }).click();
  await page.getByRole("link", { name: "Write the next version" }).click();
  await page.getByRole("button", { name: "See what changes" }).click();
  await takeAll(page, "staff-words-next");
});

async function open(phone: Phone, words: string): Promise<void> {
  await phone.page.locator("button.phrase").filter({ hasText: words }).click();
}

async function takeAll(page: Page, name: string): Promise<void> {
  for (const [size, viewport] of Object.entries(SIZES)) {
    await page.setViewportSize(viewport);
    for (const colorScheme of ["light", "dark"] as const) {
      await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
      await page.screenshot({ path: `${FOLDER}/${name}-${size}-${colorScheme}.png`, fullPage: true });
    }
  }
}
