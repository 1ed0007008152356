/** A reminder the day before: from the phone itself, only where it was asked for, and it says nothing of what is on. */
import { expectNoViolations } from "../axe";
import { lookEveryWay } from "../look";
import { Member } from "../member";
import type { Phone } from "../phone";
import { PIN, setPin, unlock } from "../pin";
import type { Proxy } from "../proxy";
import {
  before,
  dayOf,
  expectDays,
  isDue,
  look,
  looksAreOver,
  mayNotify,
  putAway,
  reminderFor,
  reminderRows,
  setClock,
  shownFor,
  turnOn,
} from "../reminders";
import { DEMO, type Server } from "../server";
import { dump } from "../store";
import { expect, test } from "../test";

/** Sam has a place. Gives its day. */
async function withPlace(phone: Phone, server: Server, network: Proxy): Promise<string> {
  await phone.join("Sam");
  await phone.signUp(DEMO.firstOpportunity);
  await phone.go("/my-sign-ups");
  await expect(phone.page.getByText("You have a place").first()).toBeVisible();
  return dayOf(Member.behind(server, network), DEMO.firstOpportunity);
}

test("nothing is shown until it is asked for; then once, by day, the day before", async ({ network, phone, server }) => {
  await mayNotify(phone);
  const day = await withPlace(phone, server, network);
  await phone.worksOffline();
  expect(await look(phone, day), "off by default").toEqual([]);
  expect(await reminderRows(phone.page)).toEqual({});

  await phone.go("/my-phone");
  await expect(phone.button("Remind me the day before")).toBeVisible();
  await lookEveryWay(phone.page, "reminders off");
  await turnOn(phone);
  await lookEveryWay(phone.page, "reminders on");
  await expectDays(phone, [day]);
  const { remind } = await reminderRows(phone.page);
  expect(Object.keys(JSON.parse(remind ?? "{}") as object), "days, and words that say nothing").toEqual(["days", "title", "text", "lang"]);

  for (const when of [{ before: 2 }, { before: 0 }, { hour: 8 }, { hour: 20 }, { hour: 23 }]) {
    expect(await look(phone, day, when), JSON.stringify(when)).toEqual([]);
  }
  expect(await look(phone, day)).toEqual([reminderFor(day)]);
  await putAway(phone);
  expect(await look(phone, day, { hour: 15 }), "never twice").toEqual([]);
  await phone.killAndReopen("/");
  await mayNotify(phone);
  await phone.worksOffline();
  expect(await look(phone, day, { hour: 16 }), "not after a restart either").toEqual([]);
  // Off and on again is no new day.
  await phone.go("/my-phone");
  await phone.button("Turn reminders off").click();
  await expect(phone.button("Remind me the day before")).toBeVisible();
  expect(await reminderRows(phone.page)).not.toHaveProperty("remind");
  await turnOn(phone);
  await expectDays(phone, [day]);
  expect(await look(phone, day, { hour: 17 })).toEqual([]);
});

test("what is on tomorrow or today stands first on Today, and what was shown goes the day after", async ({ network, phone, server }) => {
  await mayNotify(phone);
  const day = await withPlace(phone, server, network);
  await turnOn(phone);
  await expectDays(phone, [day]);
  expect(await look(phone, day)).toEqual([reminderFor(day)]);
  expect(await look(phone, day, { before: 0 }), "it is not tomorrow any more").toEqual([]);

  const first = phone.page.getByRole("heading", { level: 2 }).first();
  for (const [at, title] of [
    [before(day), "Tomorrow"],
    [before(day, { before: 0, hour: 8 }), "Today"],
  ] as const) {
    await phone.context.clock.setFixedTime(at);
    await phone.go("/");
    await expect(first).toHaveText(title);
    await expect(phone.page.getByText("You have a place")).toHaveCount(1);
    await expect(phone.page.getByText("At the Harbour Centre").or(phone.page.getByText(/^In person, /)).first()).toBeVisible();
    await lookEveryWay(phone.page, title);
  }
  await phone.link("What happens, and who to ask").click();
  await expect(phone.heading(DEMO.firstOpportunity)).toBeVisible();
});

test("nothing is said of a place that was given up with no signal", async ({ network, phone, server }) => {
  await mayNotify(phone);
  const day = await withPlace(phone, server, network);
  await turnOn(phone);
  await expectDays(phone, [day]);
  await phone.context.setOffline(true);
  await phone.go("/my-sign-ups");
  await phone.button("Can't make it? That's fine").click();
  await phone.button("Yes, give it up").click();
  await expectDays(phone, []);
  expect(await look(phone, day)).toEqual([]);
});

test("a session that moves is said the day before its new day; one that is called off is not", async ({ desk, network, phone, server }) => {
  await mayNotify(phone);
  const day = await withPlace(phone, server, network);
  await turnOn(phone);
  await expectDays(phone, [day]);
  expect(await look(phone, day)).toEqual([reminderFor(day)]);

  const { page } = desk;
  await desk.open("/staff/opportunities");
  await page.getByRole("link", { name: DEMO.firstOpportunity }).first().click();
  await page.getByRole("link", { name: /^Open the session/ }).first().click();
  await page.getByRole("link", { name: "Move it to another time…" }).click();
  const next = before(day, { before: -7 }).toISOString().slice(0, 10);
  await page.getByLabel("Day", { exact: true }).fill(next);
  await page.getByLabel("Why it moves").fill("The room is taken.");
  await page.getByRole("button", { name: "See what people will read" }).click();
  await page.getByRole("button", { name: "Move it" }).click();
  await expect(page.getByText("Done. Everyone who signed up is told.")).toBeVisible();
  await phone.expectSynced(network);
  await expectDays(phone, [next]);
  expect(await look(phone, day), "what was shown is not true any more").toEqual([]);
  expect(await look(phone, next)).toEqual([reminderFor(next)]);

  await page.getByRole("link", { name: "Call it off…" }).first().click();
  await page.getByLabel("Your words for everyone who signed up").fill("Sorry.");
  await page.getByRole("button", { name: /^See what everyone/ }).click();
  await page.getByRole("button", { name: "Call it off and send this" }).click();
  await phone.expectSynced(network);
  await expectDays(phone, []);
  expect(await look(phone, next)).toEqual([]);
});

test("with a PIN the worker reads days and nothing else, also while locked; with its owner all of it goes", async ({ network, phone, server }) => {
  test.slow();
  await mayNotify(phone);
  const day = await withPlace(phone, server, network);
  await turnOn(phone);
  await expectDays(phone, [day]);
  await setPin(phone);
  await phone.go("/");
  await expect(phone.heading("Chorus is locked")).toBeVisible();
  const own = (await dump(phone.page)).filter(({ store, key }) => !key.startsWith("public/") && store !== "drafts");
  const plain = own.filter(({ text }) => !text.includes("\\u0001")).map(({ key }) => key.split("/")[0]);
  expect(plain.toSorted()).toEqual(["device", "lock", "remind", "sync"]);
  await expectDays(phone, [day]);
  expect(await look(phone, day)).toEqual([reminderFor(day)]);
  await unlock(phone, PIN);
  await expectDays(phone, [day]);
  await phone.go("/my-phone");
  await unlock(phone, PIN);
  await expect(phone.page.getByText(/the days are kept outside your PIN/)).toBeVisible();
  await expectNoViolations(phone.page, "reminders with a PIN");

  await phone.go("/my-phone/leave");
  await unlock(phone, PIN);
  await phone.leave("Leave on this phone");
  expect(await reminderRows(phone.page)).toEqual({});
  expect(await look(phone, day)).toEqual([]);
  await phone.join("Ada");
  await phone.go("/my-phone");
  await expect(phone.button("Remind me the day before"), "the next person's are off").toBeVisible();
});

test("the browser's own wake-up looks, with Chorus closed", async ({ network, phone, server }) => {
  await mayNotify(phone);
  const day = await withPlace(phone, server, network);
  await turnOn(phone);
  await expectDays(phone, [day]);
  const devtools = await phone.context.newCDPSession(phone.page);
  const registered = new Promise<string>((resolve) => {
    devtools.on("ServiceWorker.workerRegistrationUpdated", ({ registrations }) => resolve(registrations[0]?.registrationId ?? ""));
  });
  await devtools.send("ServiceWorker.enable");
  const registrationId = await registered;
  await phone.page.goto("/notes");
  await looksAreOver(phone);
  await setClock(phone, before(day));
  await devtools.send("ServiceWorker.dispatchPeriodicSyncEvent", { origin: network.url, registrationId, tag: "remind" });
  await expect.poll(() => shownFor(phone)).toEqual([day]);
});

test("opening Chorus looks too, once there was time for news", async ({ network, phone, server }) => {
  await mayNotify(phone);
  const day = await withPlace(phone, server, network);
  await turnOn(phone);
  await expectDays(phone, [day]);
  await setClock(phone, before(day));
  await phone.go("/");
  await expect.poll(() => shownFor(phone), { timeout: 20_000 }).toEqual([day]);
});

test("where the phone can show nothing it says so, and the calendar reminds", async ({ newPhone, network, phone, server }) => {
  phone.before(() => Reflect.deleteProperty(globalThis, "Notification"));
  await phone.killAndReopen();
  await withPlace(phone, server, network);
  await phone.go("/my-phone");
  await expect(phone.page.getByText(/^This phone can't show reminders from Chorus/)).toBeVisible();
  await expect(phone.button("Remind me the day before")).toHaveCount(0);
  await lookEveryWay(phone.page, "no reminders");
  await phone.link("My sign-ups").click();
  const reminds = await phone.link("Add it with a reminder the day before").getAttribute("href");
  expect(reminds).toContain("SUMMARY:Chorus%0D%0ABEGIN:VALARM");
  expect(await phone.link("Add to my calendar").getAttribute("href")).not.toContain("VALARM");
  await lookEveryWay(phone.page, "a sign-up to add to a calendar");

  const other = await newPhone();
  other.before(() => {
    Object.defineProperty(Notification, "permission", { get: () => "denied" });
  });
  await other.killAndReopen();
  await other.join("Femi");
  await other.go("/my-phone");
  await expect(other.page.getByText(/^This phone is set to show nothing from Chorus/)).toBeVisible();
  await expect(other.button("Remind me the day before")).toHaveCount(0);
});

test("the day before is the phone's own, also where clocks change", async ({ browser, network }) => {
  for (const [timezoneId, day, now] of [
    // 23 hours, and 25.
    ["Europe/London", "2027-03-28", [2027, 3, 27]],
    ["Europe/London", "2027-10-31", [2027, 10, 30]],
    // The day has no midnight.
    ["America/Santiago", "2027-09-05", [2027, 9, 4]],
    ["Pacific/Auckland", "2027-01-01", [2026, 12, 31]],
    ["Europe/London", "2028-03-01", [2028, 2, 29]],
  ] as const) {
    const context = await browser.newContext({ baseURL: network.url, timezoneId });
    const page = await context.newPage();
    await page.goto("/my-phone");
    await page.waitForFunction(() => "reminders" in globalThis);
    const [year, month, date] = now;
    for (const [hour, due] of [[0, false], [8, false], [9, true], [19, true], [20, false], [23, false]] as const) {
      expect(await isDue(page, day, [year, month, date, hour]), `${timezoneId} ${day} at ${hour}`).toBe(due);
    }
    expect(await isDue(page, day, [year, month, date, 12], [day]), "said before").toBe(false);
    expect(await isDue(page, day, [year, month, date + 1, 12]), "on the day itself").toBe(false);
    await context.close();
  }
});
