/** Hide: one tap, and the screen says nothing of Chorus, nor does Back. */
import { expectNoViolations } from "../axe";
import { setPin, unlock } from "../pin";
import type { Tab } from "../phone";
import { expect, test } from "../test";

const DRAFT = "half of a thought about kites";

async function expectPlain(tab: Tab): Promise<void> {
  await expect(tab.heading("Notes")).toBeVisible();
  await expect(tab.page).toHaveURL(/\/notes$/);
  await expect(tab.page).toHaveTitle("Notes");
  expect(await tab.page.locator("html").innerHTML()).not.toMatch(/chorus(?!\/)|help now|check in/i);
}

for (const offline of [false, true]) {
  test(`one tap leaves a plain page, and Back finds no other, ${offline ? "without" : "with"} signal`, async ({ phone }) => {
    await phone.join("Sam");
    await phone.worksOffline();
    await phone.context.setOffline(offline);
    await phone.go("/");
    await phone.link("Check in").click();
    await phone.note.fill(DRAFT);
    await phone.link("Hide").click();
    await expectPlain(phone);
    await expectNoViolations(phone.page, "the plain page");
    await phone.page.goBack({ waitUntil: "commit" });
    await expectPlain(phone);
    await phone.link("More").click();
    await phone.ready();
    await phone.link("Check in").click();
    await expect(phone.note, "what was typed is kept").toHaveValue(DRAFT);
  });
}

test("what was typed is kept, though it is only being written when Hide is tapped", async ({ phone }) => {
  await phone.join("Sam");
  await phone.go("/");
  await phone.link("Check in").click();
  await phone.page.evaluate(holdDrafts);
  await phone.note.fill(DRAFT);
  await phone.page.waitForFunction(() => (globalThis as unknown as Held).writes);
  await phone.link("Hide").click();
  await expectPlain(phone);
  await phone.link("More").click();
  await phone.ready();
  await phone.link("Check in").click();
  await expect(phone.note).toHaveValue(DRAFT);
});

interface Held {
  writes?: boolean;
}

/** Runs in the page: nothing is written among the drafts until the screen has been covered for a while. */
function holdDrafts(): void {
  const COVERED_MS = 400;
  const begin = IDBDatabase.prototype.transaction;
  const open = indexedDB.open("chorus");
  open.onsuccess = () => {
    const drafts = begin.call(open.result, ["drafts"], "readwrite").objectStore("drafts");
    let end = Infinity;
    const hold = () => {
      if (document.body.hidden) end = Math.min(end, performance.now() + COVERED_MS);
      if (performance.now() < end) drafts.get("none").onsuccess = hold;
    };
    hold();
  };
  IDBDatabase.prototype.transaction = function (this: IDBDatabase, ...args: Parameters<typeof begin>) {
    if (args[1] === "readwrite" && String(args[0]).includes("drafts")) (globalThis as unknown as Held).writes = true;
    return begin.apply(this, args);
  };
}

test("with a PIN, hiding locks every tab", async ({ phone }) => {
  await phone.join("Sam");
  await setPin(phone);
  const other = await phone.openTab("/");
  await unlock(other);
  await phone.link("Hide").click();
  await expectPlain(phone);
  await expect(other.heading("Chorus is locked")).toBeVisible();
  await phone.link("More").click();
  await expect(phone.heading("Chorus is locked")).toBeVisible();
});

test("Hide stands in the same place on every screen, and My phone says what it cannot do", async ({ phone }) => {
  await phone.join("Sam");
  const places = new Set<string>();
  for (const width of [360, 320]) {
    await phone.page.setViewportSize({ width, height: 640 });
    await phone.go("/");
    const [hide, help] = [await phone.link("Hide").boundingBox(), await phone.link("Help now").first().boundingBox()];
    expect(help?.y, `Help now keeps its corner at ${width} px`).toBe(hide?.y);
    expect((help?.x ?? 0) + (help?.width ?? 0)).toBeGreaterThan(width - 20);
  }
  for (const path of ["/", "/check-in", "/check-ins", "/take-part", "/my-sign-ups", "/help-now", "/my-phone"]) {
    await phone.go(path);
    const box = await phone.link("Hide").boundingBox();
    expect(box?.height).toBeGreaterThanOrEqual(48);
    places.add(`${box?.x} ${box?.y}`);
  }
  expect([...places]).toHaveLength(1);
  await expect(phone.page.getByText("This browser's own history still shows that Chorus was open.")).toBeVisible();
});
