/** What changed, as the desk writes it, and as somebody with no account opens it. */
import type { Browser, Page } from "@playwright/test";
import type { Desk } from "./desk";

export const SAID = "The word “goals” at the top of the plan weighs on me.";

const WORDS = {
  "You said": SAID,
  "We did": "It now says “small steps”, and you can leave it empty.",
  Why: "People felt pushed, and put the plan away.",
  "Who took part": "The Letters and words group, and six people who read it.",
};

/** Starts one and writes it whole; it is kept, and its page is open. */
export async function writeChange(desk: Desk, words: Partial<Record<keyof typeof WORDS, string>> = {}): Promise<void> {
  await desk.open("/staff/changes");
  await desk.page.getByRole("link", { name: "Write what changed" }).click();
  await desk.page.getByLabel("Kind of work").selectOption("Paperwork and wording");
  await desk.page.getByRole("button", { name: "Start writing" }).click();
  for (const [label, text] of Object.entries({ ...WORDS, ...words })) {
    await desk.page.getByLabel(label, { exact: true }).fill(text);
  }
  await desk.page.getByRole("button", { name: "Keep it", exact: true }).click();
}

/** Agrees with the one whose page is open at another desk, and publishes it; the address that everyone opens. */
export async function agreeAndPublish(desk: Desk, page: Page): Promise<string> {
  const { pathname } = new URL(page.url());
  await desk.open(pathname);
  await desk.page.getByRole("button", { name: "I agree with these words" }).click();
  await desk.page.getByRole("button", { name: "Publish it now" }).click();
  await desk.page.getByText("Done. Everyone can read it.").waitFor();
  return pathname.replace("/staff/changes", "/what-changed");
}

/** A browser with no account, no cookie and no script. */
export async function passerBy(browser: Browser, address: string): Promise<Page> {
  const context = await browser.newContext({ javaScriptEnabled: false });
  const page = await context.newPage();
  await page.goto(address);
  return page;
}
