/** The PIN as a person uses it, and what the phone's store really holds meanwhile. */
import { expect, type Page } from "@playwright/test";
import type { Phone, Tab } from "./phone";
import { dump as rows } from "./store";

export const PIN = "407192";
/** Turning a PIN over takes a slow machine its time. */
const OPENS_WITHIN_MS = 30_000;

/** Turns the PIN on, on its own screen. */
export async function setPin(tab: Tab, pin = PIN): Promise<void> {
  await fillNewPin(tab, pin);
  await tab.button("Turn the PIN on").click();
  await expect(tab.page.getByText("Your PIN is on.")).toBeVisible({ timeout: OPENS_WITHIN_MS });
}

/** Fills what turning it on asks for, and leaves it at the button. */
export async function fillNewPin(tab: Tab, pin = PIN): Promise<void> {
  await tab.go("/my-phone/pin");
  await tab.page.getByLabel("Your new PIN", { exact: true }).fill(pin);
  await tab.page.getByLabel("Your new PIN once more").fill(pin);
  await tab.page.getByRole("checkbox", { name: "I've read what happens if I forget it" }).check();
}

/** Waits for the lock screen and types a PIN. */
export async function tryPin(tab: Tab, pin: string): Promise<void> {
  await expect(tab.heading("Chorus is locked")).toBeVisible();
  await tab.page.getByLabel("Your PIN or phrase").fill(pin);
  await tab.button("Open").click();
}

/** Opens a locked phone. */
export async function unlock(tab: Tab, pin = PIN): Promise<void> {
  await tryPin(tab, pin);
  await expect(tab.heading("Chorus is locked")).toHaveCount(0, { timeout: OPENS_WITHIN_MS });
}

/** Opens a page of a phone that has a PIN. */
export async function goUnlocked(tab: Tab, path: string, pin = PIN): Promise<void> {
  await tab.go(path);
  await unlock(tab, pin);
}

/** Everything in IndexedDB, keys and values, as one text. */
export async function dump(page: Page): Promise<string> {
  const lines = (await rows(page)).map(({ store, key, text }) => `${store} "${key}" ${text}`);
  return lines.join("\n");
}

/** Everything in IndexedDB holds none of these words. */
export async function expectSealed(phone: Phone, words: string[]): Promise<void> {
  const all = await dump(phone.page);
  expect(words.filter((word) => all.includes(word)), all).toEqual([]);
}
