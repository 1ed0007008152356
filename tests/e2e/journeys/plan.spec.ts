/** My plan: written with no signal, kept as it is typed, and nobody else's until its person says so. */
import { readFileSync } from "node:fs";
import { lookEveryWay } from "../look";
import { expectNoSidewaysScrolling } from "../axe";
import type { Tab } from "../phone";
import { expectSealed, goUnlocked, setPin, unlock } from "../pin";
import { addPerson, inHelpNow, openPart, PART, showInHelpNow, writePart } from "../plan";
import { DEMO } from "../server";
import { expect, test } from "../test";

test.setTimeout(180_000);

const HELPS = "Tea on the back step\nRing the heron line";
const SIGNS = "I stop opening the post";
const UNWELL = "Please tell my sister Odile";
const SMALL = "Open a window";

async function writeAll(tab: Tab): Promise<void> {
  await tab.go("/my-plan");
  await writePart(tab, PART.signs, SIGNS);
  await writePart(tab, PART.helps, HELPS);
  await addPerson(tab, "Odile", "07700 900123 (after 5)", "She likes a text first");
  await writePart(tab, PART.unwell, UNWELL);
  await writePart(tab, PART.small, SMALL);
}

const expectAll = (tab: Tab): Promise<void> => expectAllBut(tab, "");

async function expectAllBut(tab: Tab, changed: string): Promise<void> {
  for (const words of [SIGNS, "Tea on the back step", UNWELL, SMALL, "She likes a text first"])
    if (words !== changed) await expect(tab.page.getByText(words)).toBeVisible();
}

test("a plan is written with no signal, before joining too, and no word of it is in any request", async ({
  network,
  phone,
}) => {
  await phone.go("/");
  await phone.worksOffline();
  await phone.context.setOffline(true);
  await writeAll(phone);
  await expectAll(phone);
  await expect(phone.page.getByText("Only you can see this. It stays on this phone.")).toBeVisible();
  const ring = phone.link("Ring Odile");
  await expect(ring).toHaveAttribute("href", "tel:07700900123");
  await expect(phone.link("Text Odile")).toHaveAttribute("href", "sms:07700900123");

  await phone.context.setOffline(false);
  await phone.join("Sam");
  await phone.go("/my-plan");
  await expect(phone.page.getByText(SIGNS), "it is not shown to who joins before they say it is theirs").toHaveCount(0);
  await phone.go("/my-phone");
  await phone.button("Yes, they are mine").click();
  await phone.go("/my-plan");
  await expectAll(phone);
  await phone.share({ note: "This one is for the team" });
  await phone.expectNothingWaiting();
  expect(network.carrying("This one is for the team")).not.toEqual([]);
  for (const words of [SIGNS, "back step", "Odile", "900123", UNWELL, SMALL]) expect(network.carrying(words), words).toEqual([]);
});

test("what is typed is there after the app is killed in the middle of it, and when the screen is hidden at once", async ({
  phone,
}) => {
  await phone.go("/my-plan");
  await phone.worksOffline();
  await phone.context.setOffline(true);
  const box = await openPart(phone, PART.helps);
  await box.pressSequentially("Tea on the back st");
  await expect.poll(async () => (await phone.stores()).private).toContain("Tea on the back st");
  await phone.killAndReopen("/my-plan", { offline: true });
  await expect(phone.page.getByText("Tea on the back st")).toBeVisible();

  const again = await openPart(phone, PART.helps);
  await expect(again).toHaveValue("Tea on the back st");
  await again.press("End");
  await again.pressSequentially("ep, and the heron");
  await phone.link("Hide").click();
  await expect(phone.heading("Notes")).toBeVisible();
  await phone.go("/my-plan");
  await expect(phone.page.getByText("Tea on the back step, and the heron")).toBeVisible();
  await phone.link("How it was before").click();
  await expect(phone.page.getByText("Nothing yet."), "one day is one").toBeVisible();
});

test("how it was on another day can be looked at and brought back, and nothing is lost by it", async ({ phone }) => {
  await phone.page.clock.install({ time: new Date("2026-03-03T10:00:00") });
  await phone.go("/my-plan");
  await writePart(phone, PART.helps, "Tea");
  await expect.poll(async () => (await phone.stores()).private).toContain("Tea");
  await phone.page.clock.setSystemTime(new Date("2026-03-20T10:00:00"));
  await phone.go("/my-plan");
  await writePart(phone, PART.helps, "Coffee");
  await phone.link("How it was before").click();
  await phone.page.getByRole("link", { name: /^Look: How it was: 3 March/ }).click();
  await expect(phone.heading(/^How it was: 3 March/)).toBeVisible();
  await expect(phone.page.getByText("Tea", { exact: true })).toBeVisible();
  await phone.button("Bring this back").click();
  await expect(phone.heading("My plan")).toBeVisible();
  await expect(phone.page.getByText("Tea", { exact: true })).toBeVisible();
  await phone.go("/my-plan");
  await expect(phone.page.getByText("Tea", { exact: true })).toBeVisible();
  await phone.link("How it was before").click();
  await expect(phone.page.getByRole("link", { name: /^Look: / })).toHaveCount(2);
  await phone.page.getByRole("link", { name: /^Look: / }).first().click();
  await expect(phone.page.getByText("Coffee", { exact: true })).toBeVisible();
  await phone.button("Delete this one").click();
  await phone.button("Yes, delete it").click();
  await expect(phone.page.getByRole("link", { name: /^Look: / })).toHaveCount(1);
});

test("two tabs never write over each other", async ({ phone }) => {
  await phone.go("/my-plan");
  await writePart(phone, PART.helps, "Tea");
  const other = await phone.openTab("/my-plan");
  const there = await openPart(other, PART.helps);
  const here = await openPart(phone, PART.helps);
  await here.fill("Tea, and the heron");
  await expect.poll(async () => (await phone.stores()).private).toContain("and the heron");
  await there.fill("Tea, and a walk");
  await expect.poll(async () => (await phone.stores()).private).toContain("and a walk");
  await phone.go("/my-plan");
  await expect(phone.page.getByText("Tea, and a walk")).toBeVisible();
  await phone.link("How it was before").click();
  await phone.page.getByRole("link", { name: /^Look: / }).first().click();
  await expect(phone.page.getByText("Tea, and the heron")).toBeVisible();
});

test("lines show in Help now only once they are picked, also while it is locked, and are gone at once", async ({
  phone,
}) => {
  await phone.join("Quillon");
  await phone.worksOffline();
  await phone.context.setOffline(true);
  await writeAll(phone);
  await phone.go("/help-now");
  await expect(phone.page.getByText("Samaritans").first()).toBeVisible();
  await expect(inHelpNow(phone)).toHaveCount(0);

  await phone.go("/my-plan");
  await showInHelpNow(phone, "Ring the heron line", "Odile, 07700 900123 (after 5)");
  await expect(phone.page.getByText("2 lines of your plan show in Help now.")).toBeVisible();
  await setPin(phone);
  await phone.go("/help-now");
  await expect(inHelpNow(phone)).toContainText("Ring the heron line");
  await expect(inHelpNow(phone).getByRole("link", { name: /^Ring Odile/ })).toHaveAttribute("href", "tel:07700900123");
  await expect(inHelpNow(phone)).not.toContainText("Tea");
  await expectSealed(phone, [SIGNS, "Tea on the back step", UNWELL, SMALL, "She likes a text first"]);
  await lookEveryWay(phone.page, "Help now with lines of a plan");
  await phone.go("/my-plan");
  await expect(phone.heading("Chorus is locked")).toBeVisible();
  await unlock(phone);

  // A line that is changed is another line.
  await writePart(phone, PART.helps, "Tea on the back step\nRing the heron man");
  await expect(phone.page.getByText(/^A line that you picked has changed or gone\./)).toBeVisible();
  await expect.poll(async () => (await phone.stores()).meta).not.toContain("heron");
  await phone.button("That's fine").click();
  await expect(phone.page.getByText(/^A line that you picked/)).toHaveCount(0);
  await phone.link("Show lines in Help now").click();
  await phone.button(/^Odile/).click();
  await expect.poll(async () => (await phone.stores()).meta).not.toContain("Odile");
  await phone.link("Help now").first().click();
  await expect(phone.page.getByText("Samaritans").first()).toBeVisible();
  await expect(inHelpNow(phone)).toHaveCount(0);
});

test("who has the phone next finds nothing of it, in Help now or anywhere", async ({ phone }) => {
  await phone.join("Quillon");
  await writeAll(phone);
  await showInHelpNow(phone, "Ring the heron line");
  await phone.go("/help-now");
  await expect(inHelpNow(phone)).toContainText("heron");
  await phone.deleteEverything();
  await phone.go("/help-now");
  await expect(phone.page.getByText("Samaritans").first()).toBeVisible();
  await expect(inHelpNow(phone)).toHaveCount(0);
  await phone.join("Wren");
  await phone.go("/my-plan");
  await expect(phone.page.getByRole("link", { name: "Write here: What helps me" })).toBeVisible();
  const all = Object.values(await phone.stores()).join("\n");
  for (const words of [SIGNS, "heron", "Odile", UNWELL]) expect(all).not.toContain(words);
});

test("lines that were picked before joining leave Help now when somebody joins, until they say it is theirs", async ({
  phone,
}) => {
  await phone.go("/my-plan");
  await writePart(phone, PART.helps, HELPS);
  await showInHelpNow(phone, "Ring the heron line");
  await phone.go("/help-now");
  await expect(inHelpNow(phone)).toContainText("heron");
  await phone.join("Wren");
  await phone.go("/help-now");
  await expect(phone.page.getByText("Samaritans").first()).toBeVisible();
  await expect(inHelpNow(phone)).toHaveCount(0);
  await expect.poll(async () => (await phone.stores()).meta).not.toContain("heron");
  await phone.go("/my-phone");
  await phone.button("Yes, they are mine").click();
  await phone.go("/help-now");
  await expect(inHelpNow(phone)).toContainText("heron");
});

test("it is deleted whole when its person says so, and only then", async ({ phone }) => {
  await writeAll(phone);
  await showInHelpNow(phone, "Open a window");
  await phone.button("Delete my plan").click();
  await phone.button("No, keep it").click();
  await expectAll(phone);
  await phone.button("Delete my plan").click();
  await phone.button("Yes, delete it all").click();
  await expect(phone.page.getByRole("link", { name: "Write here: What helps me" })).toBeVisible();
  await expect.poll(async () => Object.values(await phone.stores()).join("\n")).not.toContain("Open a window");
  const all = Object.values(await phone.stores()).join("\n");
  for (const words of [SIGNS, "heron", "Odile"]) expect(all).not.toContain(words);
});

test("it is saved as a file, stands in the copy of everything, and comes back from it", async ({ newPhone, phone }) => {
  await writeAll(phone);
  await showInHelpNow(phone, "Open a window");
  const file = phone.page.waitForEvent("download");
  await phone.button("Save as a file").click();
  const saved = await file;
  expect(saved.suggestedFilename()).toMatch(/^chorus-my-plan-\d{4}-\d\d-\d\d\.html$/);
  const text = readFileSync((await saved.path()) ?? "", "utf8");
  for (const words of [PART.signs, SIGNS, "Odile", "07700 900123", UNWELL, SMALL]) expect(text).toContain(words);
  await expect(phone.page.getByText(/^Saved: chorus-my-plan/)).toBeVisible();

  await phone.go("/my-phone/copy");
  await expect(phone.page.getByText("Your plan, and how it was before")).toBeVisible();
  const copying = phone.page.waitForEvent("download");
  await phone.button("Save a copy for another phone").click();
  const copy = (await (await copying).path()) ?? "";
  const second = await newPhone();
  await second.go("/my-phone/copy");
  await second.page.getByLabel("Pick the file").setInputFiles({
    name: "copy.json",
    mimeType: "application/json",
    buffer: readFileSync(copy),
  });
  await second.button("Bring it back").click();
  await expect(second.page.getByText("It is back.")).toBeVisible();
  await second.go("/my-plan");
  await expectAll(second);
  await second.go("/help-now");
  await expect(second.page.getByText("Samaritans").first()).toBeVisible();
  await expect(inHelpNow(second), "what shows without the PIN is chosen on each phone").toHaveCount(0);
});

test("on paper it is the plan alone, large and plain", async ({ phone }) => {
  await phone.before(() => {
    globalThis.print = () => document.body.setAttribute("data-printed", "");
  });
  await phone.killAndReopen("/my-plan");
  await writePart(phone, PART.helps, HELPS);
  await addPerson(phone, "Odile", "07700 900123");
  await phone.button("Print").click();
  await expect(phone.page.locator("body[data-printed]")).toBeVisible();
  await phone.page.emulateMedia({ media: "print" });
  await expect(phone.heading("My plan")).toBeVisible();
  await expect(phone.page.getByText("Tea on the back step")).toBeVisible();
  await expect(phone.page.getByText("07700 900123")).toBeVisible();
  for (const hidden of [phone.link("Help now"), phone.button("Print"), phone.link("Today"), phone.link(/^Change/)])
    await expect(hidden.first()).toBeHidden();
  await expect(phone.page.getByText(PART.small), "a part with nothing in it is not printed").toBeHidden();
  const size = await phone.page.getByText("Tea on the back step").evaluate((it) => getComputedStyle(it).fontSize);
  expect(parseFloat(size)).toBeGreaterThan(20);
});

test("what a person writes is words, whatever it looks like, and has room", async ({ phone }) => {
  const odd = `<img src=x onerror="document.title='x'">\n\u202Eback\u202C 🐦 ${"a".repeat(300)}`;
  await phone.go("/my-plan");
  await writePart(phone, PART.helps, odd);
  await addPerson(phone, "\u202E<b>Mum</b>", "javascript:alert(1)", odd);
  await expect(phone.page.getByText("<img src=x")).toHaveCount(2);
  await expect(phone.page.locator("main img")).toHaveCount(0);
  const first = (odd.split("\n")[0] ?? "").trim();
  await showInHelpNow(phone, first);
  await expectNoSidewaysScrolling(phone.page, "a plan with very long words");
  await phone.go("/help-now");
  await expect(inHelpNow(phone)).toContainText(first);
  await expectNoSidewaysScrolling(phone.page, "Help now with odd lines");
  expect(await phone.page.title()).toBe("Help now · Chorus");
});

test("no screen of the plan has an axe violation or scrolls sideways, with room for large text", async ({ phone }) => {
  await phone.join("Sam");
  await phone.go("/my-plan");
  await lookEveryWay(phone.page, "an empty plan");
  await writeAll(phone);
  await showInHelpNow(phone, "Open a window");
  await lookEveryWay(phone.page, "a plan");
  for (const name of ["what_helps", "person", "lines", "before"]) {
    await phone.go(`/my-plan#${name}`);
    await lookEveryWay(phone.page, `the plan's ${name}`);
    await phone.page.evaluate(() => (document.documentElement.style.fontSize = "32px"));
    await expectNoSidewaysScrolling(phone.page, `the plan's ${name} with large text`);
    await phone.page.evaluate(() => document.documentElement.style.removeProperty("font-size"));
  }
  await phone.go("/my-plan");
  await phone.page.evaluate(() => (document.documentElement.style.fontSize = "32px"));
  await expectNoSidewaysScrolling(phone.page, "the plan with large text");
});

test("words that were written stay under their old heading until their person takes the new one", async ({ phone }) => {
  await phone.go("/my-plan");
  await writePart(phone, PART.helps, "Tea");
  await writePart(phone, PART.small, SMALL);
  // As if the form had said it so until now.
  await phone.page.evaluate(async () => {
    const done = (asked: IDBRequest) => new Promise((resolve) => asked.addEventListener("success", resolve));
    const open = indexedDB.open("chorus");
    await done(open);
    const rows = () => open.result.transaction("private", "readwrite").objectStore("private");
    const [keys, all] = [rows().getAllKeys(), rows().getAll()];
    await done(all);
    for (const [at, key] of keys.result.entries()) {
      const text = String(all.result[at]).replace("What helps me", "My goals").replace("One small thing", "My next target");
      await done(rows().put(text, key));
    }
    open.result.close();
  });
  await phone.go("/my-plan");
  await expect(phone.page.getByRole("heading", { name: "My goals" })).toBeVisible();
  const offers = phone.page.getByRole("group", { name: "The words here have changed." });
  await expect(offers).toHaveCount(2);
  await lookEveryWay(phone.page, "new words for a part of the plan");
  await offers.first().getByRole("button", { name: "Use the new words" }).click();
  await expect(phone.page.getByRole("heading", { name: "What helps me" })).toBeVisible();
  await offers.getByRole("button", { name: "Keep mine" }).click();
  await expect(offers).toHaveCount(0);
  await expect(phone.page.getByRole("heading", { name: "My next target" })).toBeVisible();
  await expect.poll(async () => (await phone.stores()).private).toContain('"kept_from":"One small thing"');
  await phone.go("/my-plan");
  await expect(phone.page.getByText(SMALL)).toBeVisible();
  await expect(offers, "asked once").toHaveCount(0);
});

test("while it is locked the plan is, and is the same after", async ({ phone }) => {
  await phone.join("Quillon", DEMO.teamCode);
  await writeAll(phone);
  await setPin(phone);
  await expectSealed(phone, [SIGNS, "back step", "Odile", UNWELL, SMALL]);
  await goUnlocked(phone, "/my-plan");
  await expectAll(phone);
  await writePart(phone, PART.small, "Water the fern");
  await expect.poll(async () => (await phone.stores()).private).toContain("plan/");
  await expectSealed(phone, ["Water the fern"]);
  await goUnlocked(phone, "/my-plan");
  await expect(phone.page.getByText("Water the fern")).toBeVisible();
});

test("it is shared with the team by choice, read at the desk, sent anew, and taken back", async ({ desk, network, phone }) => {
  await phone.join("Quillon");
  await writeAll(phone);
  await phone.worksOffline();
  await phone.context.setOffline(true);
  await phone.link("Share with my team").click();
  await expect(phone.page.getByText(new RegExp(`^${DEMO.team} reads these`))).toBeVisible();
  await expect(phone.page.getByText(/^If someone could be badly hurt/)).toBeVisible();
  const send = phone.button(`Send to ${DEMO.team}`);
  await send.click();
  await expect(phone.page.getByRole("alert").filter({ hasText: "Please tick the box" })).toBeVisible();
  const consent = phone.page.getByRole("checkbox", { name: "can see my plan as it is now" });
  await consent.check();
  await send.click();
  await expect(phone.page.getByText("Not sent yet, safe here")).toBeVisible();
  await phone.button("Don't send").click();
  await expect(send).toBeVisible();
  await phone.context.setOffline(false);
  await phone.expectSynced(network);
  expect(network.carrying(SIGNS), "what was taken back in time left no byte").toEqual([]);

  await phone.go("/my-plan#share");
  await consent.check();
  await send.click();
  await expect(phone.page.getByText(/^Sent /).first()).toBeVisible({ timeout: 30_000 });
  await expect(phone.page.getByText(`${DEMO.team} has it as it is now.`)).toBeVisible();
  await desk.open("/staff/plans");
  await lookEveryWay(desk.page, "the list of plans");
  await expect(desk.page.getByText(SIGNS)).toHaveCount(0);
  await desk.page.getByRole("link", { name: "Open the plan of Quillon" }).click();
  for (const words of [SIGNS, "Tea on the back step", "Odile", UNWELL]) await expect(desk.page.getByText(words).first()).toBeVisible();
  await lookEveryWay(desk.page, "a plan at the desk");

  await phone.go("/my-plan");
  await expect(phone.page.getByText(/^Read by /)).toBeVisible({ timeout: 30_000 });
  await writePart(phone, PART.small, "Water the fern");
  await phone.link("Share with my team").click();
  await expect(phone.page.getByText(`Your plan has changed since. ${DEMO.team} has it as it was.`)).toBeVisible();
  await lookEveryWay(phone.page, "a shared plan that has changed since");
  await consent.check();
  await phone.button("Send it as it is now").click();
  await expect(phone.page.getByText(`${DEMO.team} has it as it is now.`)).toBeVisible({ timeout: 30_000 });
  await desk.open("/staff/plans");
  await expect(desk.page.getByRole("link", { name: /^Open the plan of/ })).toHaveCount(1);
  await desk.page.getByRole("link", { name: "Open the plan of Quillon" }).click();
  await expect(desk.page.getByText("Water the fern")).toBeVisible();

  await phone.expectSynced(network);
  await phone.go("/my-plan#share");
  await expect(phone.page.getByText(/^Read by /)).toBeVisible({ timeout: 30_000 });
  await phone.context.setOffline(true);
  await phone.button("Take it back").click();
  await expect(phone.page.getByText(/^You took it back\. It goes from your team's list when there's signal\./)).toBeVisible();
  await lookEveryWay(phone.page, "taking a plan back, with no signal");
  await phone.context.setOffline(false);
  await phone.expectSynced(network);
  await phone.go("/my-plan#share");
  await expect(phone.page.getByText(/has already read it\. Backups clear in 30 days\./)).toBeVisible({ timeout: 30_000 });
  await phone.link("Back to my plan").click();
  await expect(phone.page.getByText("Only you can see this. It stays on this phone.")).toBeVisible();
  await expectAllBut(phone, SMALL);
  await desk.open("/staff/plans");
  await expect(desk.page.getByRole("link", { name: /^Open the plan of/ })).toHaveCount(0);
});

test("deleting what was shared takes the plan back, and leaves it on the phone", async ({ desk, phone }) => {
  await phone.join("Quillon");
  await phone.expectNothingWaiting();
  await writeAll(phone);
  await phone.link("Share with my team").click();
  await phone.page.getByRole("checkbox", { name: "can see my plan as it is now" }).check();
  await phone.button(`Send to ${DEMO.team}`).click();
  await phone.expectNothingWaiting();
  await phone.go("/my-phone/delete-shared");
  await expect(phone.page.getByText("Your plan, as you shared it")).toBeVisible();
  await phone.button("Delete what I shared").click();
  await phone.button("Yes, delete it").click();
  await expect(phone.page.getByText("Nothing that you shared is left with us.")).toBeVisible({ timeout: 30_000 });
  await phone.go("/my-plan");
  await expectAll(phone);
  await desk.open("/staff/plans");
  await expect(desk.page.getByRole("link", { name: /^Open the plan of/ })).toHaveCount(0);
});

test("without a team there is no sharing, and before joining neither", async ({ phone }) => {
  await phone.go("/my-plan");
  await writePart(phone, PART.small, SMALL);
  await phone.link("Share with my team").click();
  await expect(phone.page.getByText("To share it, join with a code from your service.")).toBeVisible();
  await phone.join("Sam", DEMO.teamlessCode);
  await phone.go("/my-phone");
  await phone.button("Yes, they are mine").click();
  await phone.go("/my-plan#share");
  await expect(phone.page.getByText("You have no team here.")).toBeVisible();
  await expect(phone.button(/^Send/)).toHaveCount(0);
});
