/** My plan, as its person writes and reads it. */
import { expect, type Locator } from "@playwright/test";
import type { Tab } from "./phone";
import { dump } from "./store";

/** The headings of the form. */
export const PART = {
  signs: "Early signs",
  helps: "What helps me",
  who: "Who to contact",
  unwell: "If I'm very unwell",
  small: "One small thing",
};

/** Opens one part to write in. */
export async function openPart(tab: Tab, part: string): Promise<Locator> {
  await tab.page.getByRole("link", { name: new RegExp(`^(Write here|Change): ${part}$`) }).click();
  await expect(tab.heading(part)).toBeVisible();
  return tab.page.getByLabel("Your words");
}

/** Writes in one part, letter by letter as people do, and goes back to the plan. */
export async function writePart(tab: Tab, part: string, words: string): Promise<void> {
  const box = await openPart(tab, part);
  const before = await rowsOfPlan(tab);
  await box.fill(words);
  await done(tab, before);
}

/** Goes back to the plan, and waits until what was typed is kept: the rows are not as they were `before`. */
async function done(tab: Tab, before: string): Promise<void> {
  await tab.link("Done").click();
  await expect(tab.heading("My plan")).toBeVisible();
  await expect.poll(() => rowsOfPlan(tab)).not.toBe(before);
}

/** What the phone keeps of plans, sealed or not. */
async function rowsOfPlan(tab: Tab): Promise<string> {
  const rows = (await dump(tab.page)).filter(({ store, key }) => store === "private" && key.startsWith("plan/"));
  return rows.map(({ key, text }) => key + text).join("\n");
}

/** Adds somebody to contact. */
export async function addPerson(tab: Tab, name: string, number: string, note = ""): Promise<void> {
  await tab.page.getByRole("link", { name: "Add a person" }).click();
  await expect(tab.heading("Someone to contact")).toBeVisible();
  const before = await rowsOfPlan(tab);
  await tab.page.getByLabel("Their name").fill(name);
  await tab.page.getByLabel("Their number").fill(number);
  if (note) await tab.page.getByLabel("Anything good to know").fill(note);
  await done(tab, before);
}

/** Picks lines for Help now. */
export async function showInHelpNow(tab: Tab, ...lines: string[]): Promise<void> {
  await tab.link("Show lines in Help now").click();
  for (const line of lines) {
    const choice = tab.page.getByRole("button", { name: line, exact: true });
    await choice.click();
    await expect(choice).toHaveAttribute("aria-pressed", "true");
  }
  await tab.link("Back to my plan").click();
}

/** What Help now shows of the plan. */
export function inHelpNow(tab: Tab): Locator {
  return tab.page.getByRole("heading", { name: "From my plan" }).locator("..");
}
