/** The keyboard alone is enough. */
import type { Page } from "@playwright/test";
import { DEMO } from "../server";
import { expect, test } from "../test";

const TABS_AT_MOST = 80;
const QUESTIONS_AT_MOST = 8;

test("keyboard alone: check in", async ({ phone }) => {
  await phone.join("Sam");
  const { page } = phone;
  await phone.go("/");
  await tabTo(page, "link", "Check in");
  await page.keyboard.press("Enter");
  await expect(phone.heading("How are things right now?")).toBeFocused();
  await tabTo(page, "radio", /Good/);
  await page.keyboard.press("Space");
  await page.keyboard.press("ArrowRight");
  await expect(page.getByRole("radio", { name: "OK" })).toBeChecked();
  await tabTo(page, "textbox", /Add anything/);
  await page.keyboard.type("With the keyboard");
  await tabTo(page, "button", "Keep on this phone");
  await page.keyboard.press("Enter");
  await expect(phone.heading(/^Thank you/)).toBeFocused();
});

test("keyboard alone: sign up", async ({ phone }) => {
  await phone.join("Sam");
  const { page } = phone;
  await phone.go("/take-part");
  await tabTo(page, "link", DEMO.staffOpportunity);
  await page.keyboard.press("Enter");
  await expect(phone.heading(DEMO.staffOpportunity)).toBeFocused();
  await tabTo(page, "link", "I'd like to take part");
  await page.keyboard.press("Enter");
  const send = phone.button("Ask for a place");
  for (let question = 0; question < QUESTIONS_AT_MOST && !(await send.isVisible()); question += 1) {
    const at = new URL(page.url()).hash;
    await tabTo(page, "button", "Next");
    await page.keyboard.press("Enter");
    await page.waitForURL((url) => url.hash !== at);
  }
  await tabTo(page, "button", "Ask for a place");
  await page.keyboard.press("Enter");
  await expect(phone.heading("Thank you for asking.")).toBeFocused();
});

/** Presses Tab until what has the focus is the named control, as a person does. */
async function tabTo(page: Page, role: "link" | "button" | "radio" | "textbox", name: string | RegExp): Promise<void> {
  const wanted = page.getByRole(role, { name }).first();
  await wanted.waitFor();
  for (let pressed = 0; pressed < TABS_AT_MOST; pressed += 1) {
    await page.keyboard.press("Tab");
    if (await wanted.evaluate((element) => element === document.activeElement)) return;
  }
  throw new Error(`${TABS_AT_MOST} presses of Tab never reached the ${role} ${name}`);
}
