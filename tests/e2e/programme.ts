/** Opportunities at the desk, as staff run them. */
import { expect, type Page } from "@playwright/test";
import type { Desk } from "./desk";

/** All that members must be told before they see it. */
export const WHOLE = {
  "What people would do": "We read one letter together and try out kinder words.\nYou can just listen.",
  "Why it is done": "People told us that our letters frighten them.",
  "What happens after": "The letters change in spring. We send you the new ones.",
};

/** Starts an opportunity, and leaves its form open. */
export async function startWriting(desk: Desk, name: string): Promise<void> {
  await desk.open("/staff/opportunities");
  await desk.page.getByRole("link", { name: "Write a new one" }).click();
  await desk.page.getByLabel("Name").fill(name);
  await desk.page.getByLabel("Kind of work").selectOption("Paperwork and wording");
  await desk.page.getByRole("button", { name: "Start writing" }).click();
  await expect(desk.page.getByRole("heading", { level: 1, name: `Write: ${name}` })).toBeVisible();
}

/** Fills fields of the open form, by their labels. */
export async function write(page: Page, fields: Record<string, string>): Promise<void> {
  for (const [label, words] of Object.entries(fields)) await page.getByLabel(label, { exact: true }).fill(words);
}

/** Shows what is open to members. */
export async function showToMembers(page: Page): Promise<void> {
  await page.getByRole("button", { name: "Show it to members" }).click();
  await expect(page.getByText("Done. Members can see it now.")).toBeVisible();
}

/** From the page of an opportunity: adds a session at 2pm, `weeksAhead` weeks from now on a Tuesday. */
export async function addSession(page: Page, weeksAhead: number, more: Record<string, string> = {}): Promise<void> {
  await page.getByRole("link", { name: "Add a session" }).click();
  await write(page, { Day: tuesday(weeksAhead), Time: "14:00", "How many minutes": "90", Place: "Harbour House", ...more });
}

/** A Tuesday, `weeks` from now. */
export function tuesday(weeks: number): string {
  const day = new Date(Date.now() + weeks * 7 * 24 * 60 * 60 * 1000);
  day.setUTCDate(day.getUTCDate() + ((2 - day.getUTCDay() + 7) % 7));
  return day.toISOString().slice(0, 10);
}
