/**
 * Turning a PIN on, changing it and turning it off, cut at every write: whatever the moment, nothing is
 * lost, and the next opening ends what was begun.
 */
import { dump, fillNewPin, goUnlocked, PIN, setPin, tryPin, unlock } from "../pin";
import type { Phone } from "../phone";
import { expect, test } from "../test";

test.setTimeout(400_000);

const NAME = "Quillon";
const PRIVATE = "the heron by the canal";
const SENT = "a walk to the mill";
const WAITING = "the third bench";
const DRAFT = "half of a thought about kites";
const TYPED = [NAME, PRIVATE, SENT, WAITING, DRAFT];
const OTHER = "blue kettle on moss";
const STEPS_AT_MOST = 20;

/** From now on the page may begin so many more transactions that write, and then it is as if killed. */
function cutAfter(steps: number): void {
  const begin = IDBDatabase.prototype.transaction;
  let left = steps;
  IDBDatabase.prototype.transaction = function (this: IDBDatabase, ...args: Parameters<typeof begin>) {
    if (args[1] === "readwrite" && left-- <= 0) {
      (globalThis as unknown as { cut: boolean }).cut = true;
      throw new DOMException("cut", "InvalidStateError");
    }
    return begin.apply(this, args);
  };
}

const wasCut = (phone: Phone) => phone.page.evaluate(() => Boolean((globalThis as unknown as { cut?: boolean }).cut));

async function fill(phone: Phone): Promise<void> {
  await phone.join(NAME);
  // What was answered stays for a server that goes back in time: it is sealed and opened with all else.
  await phone.share({ feeling: "OK", note: SENT });
  await phone.expectNothingWaiting();
  await phone.worksOffline();
  await phone.context.setOffline(true);
  await phone.keep({ feeling: "Hard", note: PRIVATE });
  await phone.share({ feeling: "OK", note: WAITING });
  await phone.write({ note: DRAFT });
  await phone.expectDraft(DRAFT);
}

async function expectAllThere(phone: Phone): Promise<void> {
  await phone.link("Chorus").click();
  await expect(phone.heading(`Hello, ${NAME}.`)).toBeVisible();
  await phone.link("Check in").click();
  await expect(phone.note).toHaveValue(DRAFT);
  await phone.link("Chorus").click();
  await phone.link("See what is waiting").first().click();
  await expect(phone.button("Don't send")).toHaveCount(1);
  await phone.link("My check-ins").click();
  for (const note of [PRIVATE, SENT, WAITING]) await expect(phone.page.getByText(note)).toBeVisible();
}

async function expectOnceAllSealed(phone: Phone): Promise<void> {
  await expect.poll(async () => (await dump(phone.page)).includes('\\"state\\":\\"sealed\\"')).toBe(true);
  const all = await dump(phone.page);
  expect(TYPED.filter((word) => all.includes(word)), all).toEqual([]);
}

async function expectOnceAllPlain(phone: Phone): Promise<void> {
  await expect.poll(async () => (await dump(phone.page)).includes('"lock/')).toBe(false);
  const all = await dump(phone.page);
  expect(TYPED.filter((word) => !all.includes(word)), all).toEqual([]);
}

/** Which lock the store has after a cut. */
async function isLockedNow(phone: Phone): Promise<boolean> {
  await phone.killAndReopen("/", { offline: true });
  const locked = phone.heading("Chorus is locked");
  await expect(locked.or(phone.heading(`Hello, ${NAME}.`))).toBeVisible();
  return locked.isVisible();
}

test("turning the PIN on and off, cut at every write, loses nothing and leaves nothing plain", async ({ phone }) => {
  await fill(phone);
  let cuts = 0;
  for (let steps = 0; steps < STEPS_AT_MOST; steps += 1) {
    await fillNewPin(phone);
    await phone.page.evaluate(cutAfter, steps);
    await phone.button("Turn the PIN on").click();
    const ended = phone.page.getByText("Your PIN is on.").or(phone.page.getByRole("alert").filter({ hasText: "keep" }));
    await expect(ended.first()).toBeVisible({ timeout: 30_000 });
    const cut = await wasCut(phone);
    if (await isLockedNow(phone)) {
      await unlock(phone);
      await expectOnceAllSealed(phone);
      await expectAllThere(phone);
    } else {
      expect(steps, "only the very first write may be without effect").toBe(0);
      await expectOnceAllPlain(phone);
      await expectAllThere(phone);
      await setPin(phone);
    }
    await goUnlocked(phone, "/my-phone/pin");
    await phone.page.getByLabel("The PIN you have now").last().fill(PIN);
    await phone.page.evaluate(cutAfter, steps);
    await phone.button("Turn the PIN off").click();
    const off = phone.page.getByText("Your PIN is off.").or(phone.page.getByRole("alert").filter({ hasText: "keep" }));
    await expect(off.first()).toBeVisible({ timeout: 30_000 });
    const cutAgain = await wasCut(phone);
    if (await isLockedNow(phone)) {
      await unlock(phone);
      const all = await dump(phone.page);
      if (all.includes('\\"state\\":\\"sealed\\"')) {
        // It was cut before anything was said: the PIN stands as it was.
        await expectOnceAllSealed(phone);
        await expectAllThere(phone);
        await goUnlocked(phone, "/my-phone/pin");
        await phone.page.getByLabel("The PIN you have now").last().fill(PIN);
        await phone.button("Turn the PIN off").click();
      }
    }
    await expectOnceAllPlain(phone);
    await expectAllThere(phone);
    cuts += Number(cut) + Number(cutAgain);
    if (!cut && !cutAgain) break;
  }
  expect(cuts, "there was something to cut").toBeGreaterThan(8);
});

test("changing the PIN, cut at every write, leaves the old one or the new one, and never neither", async ({ phone }) => {
  await fill(phone);
  await setPin(phone);
  for (let steps = 0; steps < STEPS_AT_MOST; steps += 1) {
    const { page } = phone; // Another one after each cut.
    await page.getByLabel("The PIN you have now").first().fill(PIN);
    await page.getByLabel("Your new PIN", { exact: true }).fill(OTHER);
    await page.getByLabel("Your new PIN once more").fill(OTHER);
    await page.evaluate(cutAfter, steps);
    await phone.button("Change my PIN").click();
    const ended = page.getByText("Your PIN is changed.").or(page.getByRole("alert").filter({ hasText: "keep" }));
    await expect(ended.first()).toBeVisible({ timeout: 30_000 });
    const cut = await wasCut(phone);
    expect(await isLockedNow(phone)).toBe(true);
    if (!cut) {
      await unlock(phone, OTHER);
      await expectAllThere(phone);
      return;
    }
    await tryPin(phone, OTHER);
    await expect(phone.page.getByText("That's not it.").first()).toBeVisible({ timeout: 30_000 });
    await unlock(phone, PIN);
    await expectAllThere(phone);
    await goUnlocked(phone, "/my-phone/pin");
  }
});
