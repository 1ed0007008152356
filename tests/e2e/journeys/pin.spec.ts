/** A PIN: what it seals, what it leaves open, and that nothing is lost by it. */
import { dump, expectSealed, fillNewPin, goUnlocked, PIN, setPin, tryPin, unlock } from "../pin";
import { expectNoSidewaysScrolling, expectNoViolations } from "../axe";
import type { Phone } from "../phone";
import { DEMO } from "../server";
import { expect, test } from "../test";

test.setTimeout(180_000);

const NAME = "Quillon";
const PRIVATE = "the heron by the canal";
const SENT = "a walk to the mill";
const WAITING = "the third bench";
const NEEDS = "a chair near the hatch";
const DRAFT = "half of a thought about kites";
const TYPED = [NAME, PRIVATE, SENT, WAITING, NEEDS, DRAFT, "07700 900123"];

/** Every page that shows something of a person's, or asks something in their name. */
const LOCKED = [
  "/",
  "/check-in",
  "/check-ins",
  "/my-sign-ups",
  "/my-plan",
  "/my-phone",
  "/my-phone/pin",
  "/my-phone/phones",
  "/my-phone/leave",
  "/join",
];

/** A phone with something of every kind on it. */
async function fill(phone: Phone): Promise<void> {
  await phone.join(NAME);
  await phone.keep({ feeling: "Hard", note: PRIVATE });
  await phone.share({ feeling: "OK", note: SENT, wants: "A message" });
  await phone.expectNothingWaiting();
  await phone.worksOffline();
  await phone.context.setOffline(true);
  await phone.share({ feeling: "OK", note: WAITING });
  await phone.signUp(DEMO.staffOpportunity, { needs: NEEDS });
  await phone.write({ note: DRAFT });
  await phone.expectDraft(DRAFT);
}

async function expectAllThere(phone: Phone): Promise<void> {
  await phone.page.getByRole("link", { name: "Chorus" }).click();
  await expect(phone.heading(`Hello, ${NAME}.`)).toBeVisible();
  await phone.link("Check in").click();
  await expect(phone.note).toHaveValue(DRAFT);
  await phone.page.getByRole("link", { name: "Chorus" }).click();
  await phone.link("See what is waiting").first().click();
  await expect(phone.button("Don't send")).toHaveCount(2);
  await phone.link("My check-ins").click();
  for (const note of [PRIVATE, SENT, WAITING]) await expect(phone.page.getByText(note)).toBeVisible();
}

test("while it is locked the whole store holds no word that the person typed, and all is there again after", async ({
  network,
  phone,
}) => {
  await fill(phone);
  const { return_key } = JSON.parse(
    await phone.page.evaluate(async () => {
      const open = indexedDB.open("chorus");
      await new Promise((resolve) => open.addEventListener("success", resolve));
      const meta = open.result.transaction("meta").objectStore("meta");
      const [keys, rows] = [meta.getAllKeys(), meta.getAll()];
      await new Promise((resolve) => rows.addEventListener("success", resolve));
      open.result.close();
      const at = keys.result.findIndex((key) => String(key).startsWith("return_key/"));
      return JSON.stringify({ return_key: rows.result[at] });
    }),
  ) as { return_key: string };
  const words = [...TYPED, return_key];
  const before = await dump(phone.page);
  expect(words.filter((word) => !before.includes(word)), "all of it is there to be sealed").toEqual([]);

  await setPin(phone);
  await expectSealed(phone, words);
  await phone.go("/");
  await expect(phone.heading("Chorus is locked")).toBeVisible();
  await expect(phone.page.getByText("2 things wait to be sent.")).toBeVisible();
  await expectSealed(phone, words);
  for (const word of TYPED) await expect(phone.page.getByText(word)).toHaveCount(0);

  await unlock(phone);
  await expectAllThere(phone);
  await expectSealed(phone, words);

  await phone.context.setOffline(false);
  await phone.page.getByRole("link", { name: "Chorus" }).click();
  await expect.poll(() => network.carrying(WAITING).length, { timeout: 50_000 }).toBeGreaterThan(0);
  await expect.poll(() => network.carrying(NEEDS).length, { timeout: 50_000 }).toBeGreaterThan(0);
  await expectSealed(phone, words);
  expect(network.carrying(PRIVATE)).toEqual([]);
  expect(network.carrying(PIN), "the PIN itself never leaves the phone").toEqual([]);
});

test("Help now and looking around open while it is locked, with and without signal; nothing of the person's does", async ({
  phone,
}) => {
  await phone.join(NAME);
  await phone.keep({ note: PRIVATE });
  await phone.worksOffline();
  await setPin(phone);
  for (const offline of [false, true]) {
    await phone.context.setOffline(offline);
    for (const path of LOCKED) {
      await phone.go(path);
      await expect(phone.heading("Chorus is locked"), path).toBeVisible();
      await expect(phone.page.getByText(NAME)).toHaveCount(0);
      await expect(phone.page.getByText(DEMO.team)).toHaveCount(0);
    }
    await phone.link("Help now").first().click();
    await expect(phone.heading("You can get help now.")).toBeVisible();
    await expect(phone.page.getByText("Samaritans").first()).toBeVisible();
    await phone.go("/");
    await phone.link("Look around").click();
    await phone.link(DEMO.staffOpportunity).click();
    await expect(phone.heading(DEMO.staffOpportunity)).toBeVisible();
    await phone.link("I'd like to take part").first().click();
    await expect(phone.heading("Chorus is locked")).toBeVisible();
  }
});

test("a page from the server shows nothing of the person's where there is a PIN", async ({ network, phone }) => {
  await phone.join(NAME);
  await phone.page.goto("/check-in", { waitUntil: "commit" });
  const page = () => phone.page.evaluate(async () => (await fetch("/check-in")).text());
  expect(await page(), "the team's name is there without one").toContain(DEMO.team);
  await setPin(phone);
  expect(await page()).not.toContain(DEMO.team);
  expect(network.carrying(PIN)).toEqual([]);
});

test("wrong tries slow down, over a reload and with a clock that goes back; nothing is lost", async ({ phone }) => {
  await phone.page.clock.install();
  await phone.join(NAME);
  await phone.keep({ note: PRIVATE });
  await setPin(phone);
  await phone.go("/check-ins");
  const alert = phone.page.getByRole("alert").filter({ hasText: /./ });
  for (let wrong = 1; wrong <= 4; wrong += 1) {
    await tryPin(phone, `99999${wrong}`);
    await expect(alert.first()).toContainText("That's not it. Nothing is lost. Try again.", { timeout: 30_000 });
    await expect(phone.page.getByLabel("Your PIN or phrase")).toHaveValue("");
  }
  await tryPin(phone, "999995");
  await expect(alert.first()).toContainText("You can try again at", { timeout: 30_000 });
  await phone.go("/check-ins");
  await expect(phone.page.getByText(/^You can try again at/)).toBeVisible();
  await tryPin(phone, PIN);
  await expect(alert.first()).toContainText("You can try again at");
  await expect(phone.heading("Chorus is locked")).toBeVisible();

  await phone.page.clock.setSystemTime(new Date("2020-01-01T09:00:00Z"));
  await tryPin(phone, PIN);
  await expect(alert.first()).toContainText("You can try again at 9am");
  await phone.page.clock.setSystemTime(new Date("2020-01-01T09:00:31Z"));
  await unlock(phone);
  await expect(phone.page.getByText(PRIVATE)).toBeVisible();
});

test("it locks after a time without use and when it was put away; what was typed is kept", async ({ phone }) => {
  await phone.page.clock.install();
  await phone.join(NAME);
  await setPin(phone);
  await phone.link("Chorus").click();
  await phone.link("Check in").click();
  await phone.note.fill(DRAFT);
  await phone.page.clock.runFor(4 * 60_000);
  await expect(phone.note).toHaveValue(DRAFT);
  await phone.note.press("End");
  await phone.page.clock.runFor(4 * 60_000);
  await expect(phone.note, "using it begins the time again").toHaveValue(DRAFT);
  await phone.page.clock.runFor(90_000);
  await unlock(phone);
  await expect(phone.note).toHaveValue(DRAFT);

  await phone.note.press("End");
  await phone.note.pressSequentially(" and rope");
  await phone.page.evaluate(() => {
    Object.defineProperty(document, "visibilityState", { configurable: true, get: () => "hidden" });
    document.dispatchEvent(new Event("visibilitychange"));
  });
  await phone.page.clock.runFor(70_000);
  await unlock(phone);
  await expect(phone.note).toHaveValue(`${DRAFT} and rope`);
  await expectSealed(phone, [DRAFT, "and rope"]);
});

test("a PIN set in one tab locks the other at once, and what was being typed there is not lost", async ({ phone }) => {
  await phone.join(NAME);
  const other = await phone.openTab("/check-in");
  await setPin(phone);
  await expect(other.heading("Chorus is locked")).toBeVisible();
  await unlock(other);
  await other.note.fill(DRAFT);
  await phone.button("Lock it now").click();
  await expect(phone.heading("Chorus is locked")).toBeVisible();
  await expect(other.heading("Chorus is locked")).toBeVisible();
  await expectSealed(phone, [DRAFT]);
  await unlock(other);
  await expect(other.note).toHaveValue(DRAFT);
  await expect(phone.heading("Chorus is locked"), "opening is for one tab alone").toBeVisible();
});

test("the PIN is changed and turned off without losing a word", async ({ phone }) => {
  await fill(phone);
  await setPin(phone);
  const { page } = phone;
  await page.getByLabel("The PIN you have now").first().fill(PIN);
  await page.getByLabel("Your new PIN", { exact: true }).fill("Blue kettle on moss");
  await page.getByLabel("Your new PIN once more").fill("blue kettle on moss ");
  await phone.button("Change my PIN").click();
  await expect(page.getByText("Your PIN is changed.")).toBeVisible({ timeout: 30_000 });

  await phone.go("/my-phone/pin");
  await tryPin(phone, PIN);
  await expect(page.getByText("That's not it.")).toBeVisible({ timeout: 30_000 });
  await unlock(phone, "blue  Kettle on moss");
  await expectSealed(phone, TYPED);
  await page.getByLabel("The PIN you have now").last().fill("blue kettle on moss");
  await phone.button("Turn the PIN off").click();
  await expect(page.getByText("Your PIN is off.")).toBeVisible({ timeout: 30_000 });
  const open = await dump(page);
  expect(TYPED.filter((word) => !open.includes(word))).toEqual([]);
  expect(open).not.toContain('"lock/');
  await phone.go("/");
  await expectAllThere(phone);
});

test("a forgotten PIN: it is said before it is set; what was sent comes back, what was private is gone", async ({
  phone,
}) => {
  await phone.join(NAME);
  await phone.keep({ note: PRIVATE });
  await phone.go("/my-phone/pin");
  await expect(phone.page.getByText("What only you could see is gone, unless you made a copy.")).toBeVisible();
  await fillNewPin(phone);
  await phone.page.getByRole("checkbox", { name: "I've read" }).uncheck();
  await phone.button("Turn the PIN on").click();
  await expect(phone.page.getByText("Please tick the box")).toBeVisible();
  await setPin(phone);
  const member = /member:([0-9a-f-]{36})/.exec(await dump(phone.page))?.[1] ?? "none";

  await phone.go("/check-ins");
  await phone.button("I've forgotten my PIN").click();
  await expect(phone.page.getByText("What only you could see is gone, unless you made a copy.")).toBeVisible();
  await phone.button("No, go back").click();
  await phone.button("I've forgotten my PIN").click();
  await phone.button("Yes, delete them").click();
  await expect(phone.heading("My check-ins")).toBeVisible();
  expect(await dump(phone.page)).not.toContain(member);
  await phone.join("Anew");
  await phone.go("/check-ins");
  await expect(phone.page.getByText(PRIVATE)).toHaveCount(0);
});

test("who leaves and keeps what is not sent finds it with their PIN, and who comes between meets none", async ({
  newPhone,
  phone,
}) => {
  const other = await newPhone();
  await phone.join(NAME);
  const member = /member:([0-9a-f-]{36})/.exec(await dump(phone.page))?.[1] ?? "none";
  await phone.worksOffline();
  await other.go(`/join/${await phone.showCode()}`);
  await other.button("Join").click();
  await expect(other.heading(`You have joined, ${NAME}.`)).toBeVisible();
  await phone.keep({ note: PRIVATE });
  await phone.context.setOffline(true);
  await phone.share({ note: WAITING });
  await phone.write({ note: DRAFT });
  await phone.expectDraft(DRAFT);
  await setPin(phone);
  await goUnlocked(phone, "/my-phone/leave");
  await phone.button("Keep them here for me").click();
  await phone.button("Yes, keep them and leave").click();
  await expect(phone.page.getByText("Nobody has joined on this phone now.")).toBeVisible();
  expect(await dump(phone.page)).toContain(`"lock/${member}"`);
  await expectSealed(phone, TYPED);

  await phone.context.setOffline(false);
  await phone.join("Ash", DEMO.teamlessCode);
  await phone.go("/check-in");
  await expect(phone.note).toHaveValue("");
  await phone.go("/my-phone/leave");
  await phone.button("Leave on this phone").click();
  await phone.button("Yes, leave").click();
  await expect(phone.page.getByText("Nobody has joined on this phone now.")).toBeVisible();

  await phone.go(`/join/${await other.showCode()}`);
  await phone.button("Join").click();
  await unlock(phone);
  await phone.link("Chorus").click();
  await phone.link("Check in").click();
  await expect(phone.note).toHaveValue(DRAFT);
  await expect(async () => {
    await other.go("/check-ins");
    await expect(other.page.getByText(WAITING)).toBeVisible({ timeout: 1_000 });
  }).toPass({ timeout: 50_000 });
  await expectSealed(phone, TYPED);
});

test("a locked phone that was told to be erased is erased, unread, and nothing else erases it", async ({ phone }) => {
  await phone.join(NAME);
  await phone.keep({ note: PRIVATE });
  await setPin(phone);
  const member = /member:([0-9a-f-]{36})/.exec(await dump(phone.page))?.[1] ?? "none";
  let answer: (device: string) => object = () => ({ code: "device_revoked", message: "", device: member });
  const sent: string[] = [];
  await phone.context.route("**/api/sync", async (route) => {
    const body = route.request().postData() ?? "";
    sent.push(body);
    await route.fulfill({ status: 403, json: answer(JSON.parse(body).device as string) });
  });
  await phone.go("/check-ins");
  await expect.poll(() => sent.length).toBeGreaterThan(0);
  await expect(phone.heading("Chorus is locked"), "another device's name erases nothing").toBeVisible();
  expect(await dump(phone.page)).toContain(member);

  const device = JSON.parse(sent[0] ?? "{}").device as string;
  answer = (device) => ({ code: "device_revoked", message: "", device });
  await phone.go("/");
  await expect(phone.heading("Leave on this phone")).toBeVisible();
  await expect(phone.page.getByRole("heading", { name: "This phone was asked to be cleared." })).toBeVisible();
  const after = await dump(phone.page);
  expect(after).not.toContain(member);
  expect(after, "it is another device from now on").not.toContain(device);
  expect(sent.filter((body) => JSON.parse(body).commands.length > 0), "nothing was sent while locked").toEqual([]);
});

test("after the first thing is kept it is asked once whether others use the phone", async ({ phone }) => {
  await phone.join(NAME);
  await phone.keep({ note: PRIVATE });
  await expect(phone.page.getByText("Do other people use this phone?")).toBeVisible();
  await phone.button("No, just me").click();
  await expect(phone.page.getByText("Do other people use this phone?")).toHaveCount(0);
  await phone.keep({ note: DRAFT });
  await expect(phone.page.getByText("Do other people use this phone?")).toHaveCount(0);
  await phone.go("/my-phone");
  await phone.link("Your PIN").click();
  await expect(phone.heading("Your PIN")).toBeFocused();
});

test("who had a PIN before joining has it after, and what they wrote stays theirs", async ({ phone }) => {
  await phone.keep({ note: PRIVATE });
  await setPin(phone);
  await goUnlocked(phone, "/join");
  await phone.page.getByLabel("Your join code").fill(DEMO.teamCode);
  await phone.page.getByLabel("What should we call you?").fill(NAME);
  await phone.button("Join").click();
  await expect(phone.heading(`You have joined, ${NAME}.`)).toBeVisible();
  await goUnlocked(phone, "/my-phone");
  await phone.button("Yes, they are mine").click();
  await expect(phone.button("Yes, they are mine")).toHaveCount(0);
  await goUnlocked(phone, "/check-ins");
  await expect(phone.page.getByText(PRIVATE)).toBeVisible();
  await expectSealed(phone, [PRIVATE, NAME]);
});

test("the screens of the PIN have no axe violation, do not scroll sideways, and work with the keyboard alone", async ({
  phone,
}) => {
  const { page } = phone;
  const look = async (name: string) => {
    for (const colorScheme of ["light", "dark"] as const) {
      await page.emulateMedia({ colorScheme });
      await expectNoViolations(page, `${name}, ${colorScheme}`);
    }
    await page.setViewportSize({ width: 320, height: 640 });
    await expectNoSidewaysScrolling(page, `${name} at 320 px`);
    await page.setViewportSize({ width: 360, height: 740 });
  };
  await phone.join(NAME);
  await phone.go("/my-phone/pin");
  await look("setting a PIN");
  await page.getByLabel("Your new PIN", { exact: true }).focus();
  await page.keyboard.type(PIN);
  await page.keyboard.press("Tab");
  await page.keyboard.type(PIN);
  await page.keyboard.press("Tab");
  await page.keyboard.press("Space");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await expect(page.getByText("Your PIN is on.")).toBeVisible({ timeout: 30_000 });
  await expect(phone.heading("Your PIN")).toBeFocused();
  await look("the PIN is on");
  await phone.go("/");
  await expect(phone.heading("Chorus is locked")).toBeVisible();
  await look("locked");
  await phone.button("I've forgotten my PIN").click();
  await look("forgotten");
  await page.getByLabel("Your PIN or phrase").focus();
  await page.keyboard.type(PIN);
  await page.keyboard.press("Enter");
  await expect(phone.heading(/^Hello/)).toBeFocused({ timeout: 30_000 });
});
