/** Deleting what was shared, and leaving Chorus: with signal, without, and when the answer is lost. */
import { Member } from "../member";
import type { Phone } from "../phone";
import { DEMO } from "../server";
import { caches_, dump, isNobodys, rowsOf } from "../store";
import { expect, test } from "../test";

const SYNC = /^\/api\/sync$/;
/** A name that stands in no text of ours. */
const NAME = "Ottilie";
const SHARED = "Shared with my team";
const NEEDS = "A chair near the door";
const UNSENT = "Written with no signal";
const PRIVATE = "Only for me";

/** Joins, shares a check-in and asks for a place; all of it has arrived. */
async function shares(phone: Phone): Promise<void> {
  await phone.join(NAME);
  await phone.worksOffline();
  await phone.share({ note: SHARED });
  await phone.signUp(DEMO.firstOpportunity, { needs: NEEDS });
  await phone.expectNothingWaiting();
}

/** From My phone to the question, and yes. */
async function deletesShared(phone: Phone): Promise<void> {
  await phone.go("/my-phone");
  await phone.link("Delete what I shared").click();
  await expect(phone.heading("Delete what I shared")).toBeVisible();
  await phone.button("Delete what I shared").click();
  await phone.button("Yes, delete it").click();
}

async function asksToLeave(phone: Phone): Promise<void> {
  await phone.go("/my-phone");
  await phone.link("Leave Chorus").click();
  await expect(phone.heading("Leave Chorus")).toBeVisible();
  await phone.button("Leave Chorus").click();
  await expect(phone.page.getByText("Leave Chorus, and delete all that is yours? Nobody can get it back.")).toBeVisible();
  await phone.button("Yes, leave Chorus").click();
}

/** The phone says goodbye, and nothing of theirs is on it. */
async function expectGoodbye(phone: Phone): Promise<void> {
  await expect(phone.page.getByText("You have left Chorus.")).toBeVisible({ timeout: 50_000 });
  await expect(phone.page.getByText("Nobody has joined on this phone now.")).toBeVisible();
  const left = (await dump(phone.page)).filter((row) => !isNobodys(row));
  expect(left.map(({ store, key }) => `${store} ${key}`)).toEqual(["meta cleared"]);
  for (const theirs of [SHARED, NEEDS, NAME, PRIVATE, UNSENT]) {
    expect(await caches_(phone.page), "nothing personal is in the caches").not.toContain(theirs);
    expect(await phone.page.content(), "nor on the page").not.toContain(theirs);
  }
}

test("deleting what I shared: it says what goes and stays, and then my words are on the phone alone", async ({
  network,
  phone,
  server,
}) => {
  await shares(phone);
  const sam = Member.behind(server, network);
  await phone.go("/my-phone/delete-shared");
  for (const words of [
    "1 check-in, with all answers",
    "1 sign-up",
    "that note stays. Only a few people can read it.",
    "Copies we make in case something breaks: 30 days.",
  ]) {
    await expect(phone.page.getByText(words).first()).toBeVisible();
  }
  await deletesShared(phone);
  await expect(phone.page.getByText("Nothing that you shared is left with us.")).toBeVisible();
  const [checkIns, signUps] = [await sam.records("check_in"), await sam.records("sign_up")];
  expect(checkIns.map(({ body }) => [body.state, body.note])).toEqual([["withdrawn", null]]);
  expect(signUps.map(({ body }) => [body.state, body.access_needs])).toEqual([["withdrawn", null]]);
  await phone.go("/check-ins");
  await expect(phone.page.getByText(SHARED)).toBeVisible();

  await phone.go("/my-phone/delete-shared");
  await expect(phone.page.getByText("Your own copy of 1 check-in is still on this phone.")).toBeVisible();
  await phone.button("Delete on this phone too").click();
  await phone.button("Yes, delete them here").click();
  await expect(phone.page.getByText("Your own copy of 1 check-in is still on this phone.")).toHaveCount(0);
  expect(JSON.stringify(await dump(phone.page))).not.toContain(SHARED);
});

test("deleting what I shared with no signal: it waits through a crash, and what was never sent never is", async ({
  network,
  phone,
  server,
}) => {
  await shares(phone);
  const sam = Member.behind(server, network);
  await phone.context.setOffline(true);
  await phone.share({ note: UNSENT });
  await deletesShared(phone);
  await expect(phone.page.getByText("Not sent yet. 2 things are still to be deleted.")).toBeVisible();
  await phone.killAndReopen("/my-phone/delete-shared", { offline: true });
  await expect(phone.page.getByText("Not sent yet. 2 things are still to be deleted.")).toBeVisible();
  await expect(phone.page.getByText("Nothing that you shared is left with us.")).toHaveCount(0);
  await phone.context.setOffline(false);
  await expect(phone.page.getByText("Nothing that you shared is left with us.")).toBeVisible({ timeout: 50_000 });
  expect((await sam.records("check_in")).map(({ body }) => body.note)).toEqual([null]);
  expect(network.carrying(UNSENT)).toEqual([]);
  await phone.go("/check-ins");
  await expect(phone.page.getByText(UNSENT), "the words stay here").toBeVisible();
});

test("leaving Chorus: a copy is suggested first, and then nothing of mine is left, here or there", async ({
  desk,
  network,
  phone,
  server,
}) => {
  await shares(phone);
  await phone.keep({ note: PRIVATE });
  await desk.open("/staff/sign-ups");
  await desk.openSignUp(NAME);
  const signUp = new URL(desk.page.url()).pathname;
  const sam = Member.behind(server, network);
  await phone.go("/my-phone/leave-chorus");
  await expect(phone.link("A copy of everything")).toHaveAttribute("href", "/my-phone/copy");
  await expect(phone.link("Leave on this phone")).toHaveAttribute("href", "/my-phone/leave");
  await phone.go("/my-phone/leave");
  await expect(phone.link("Leave Chorus")).toHaveAttribute("href", "/my-phone/leave-chorus");
  await asksToLeave(phone);
  await expectGoodbye(phone);
  expect(await sam.isKnown()).toBe(false);
  await desk.open("/staff/people");
  await expect(desk.rows(NAME)).toHaveCount(0);
  await desk.open(signUp);
  await expect(desk.page.getByText("Someone who left").first()).toBeVisible();
  await expect(desk.page.getByText(NEEDS)).toHaveCount(0);

  await phone.button("OK, I have read this").click();
  await phone.join("Ash");
  await phone.expectNothingWaiting();
});

test("leaving Chorus with no signal: I can still stay, and when I do leave it waits for signal", async ({
  network,
  phone,
}) => {
  await shares(phone);
  await phone.context.setOffline(true);
  await phone.share({ note: UNSENT });
  await phone.go("/my-phone/leave-chorus");
  await expect(phone.page.getByText("1 thing is waiting to be sent.")).toBeVisible();
  await phone.button("Leave without sending").click();
  await phone.button("Yes, leave Chorus").click();
  await expect(phone.page.getByText("Not sent yet. You have not left.")).toBeVisible();
  await phone.button("I'll stay").click();
  await expect(phone.button("Leave Chorus")).toBeVisible();
  await phone.go("/my-phone");
  await expect(phone.page.getByText("Nothing is waiting to be sent.")).toBeVisible();

  await asksToLeave(phone);
  await expect(phone.page.getByText("Not sent yet. You have not left.")).toBeVisible();
  await phone.killAndReopen("/my-phone/leave-chorus", { offline: true });
  await expect(phone.page.getByText("Not sent yet. You have not left.")).toBeVisible();
  await phone.context.setOffline(false);
  await expectGoodbye(phone);
  expect(network.carrying(UNSENT)).toEqual([]);
});

test("leaving Chorus, what waits sent first", async ({ network, phone, server }) => {
  await shares(phone);
  await phone.context.setOffline(true);
  await phone.share({ note: UNSENT });
  await phone.go("/my-phone/leave-chorus");
  await phone.button("Send them first").click();
  await expect(phone.page.getByText("Sending. 1 to go.")).toBeVisible();
  await phone.context.setOffline(false);
  await expect(phone.button("Leave Chorus")).toBeVisible({ timeout: 50_000 });
  const notes = (await Member.behind(server, network).records("check_in")).map(({ body }) => body.note);
  expect(notes).toContain(UNSENT);
});

for (const session of ["lives", "has ended"]) {
  test(`leaving Chorus when the answer is lost and the session ${session}: the same end`, async ({ network, phone }) => {
    await shares(phone);
    await network.set("cut", SYNC, "member.leave");
    await asksToLeave(phone);
    await expect(phone.page.getByText("Sending. We don't know yet if it arrived.")).toBeVisible({ timeout: 50_000 });
    await expect(phone.button("I'll stay"), "it can't be taken back any more").toHaveCount(0);
    if (session === "has ended") await phone.context.clearCookies();
    await network.set("pass");
    await phone.button("Try now").click();
    await expectGoodbye(phone);
  });
}

test("my other phone clears itself when I leave Chorus, and says what was never sent", async ({ newPhone, phone }) => {
  await shares(phone);
  await phone.go("/my-phone/phones");
  await phone.button("Show me a code").click();
  const digits = phone.page.getByText(/^\d{4} \d{4} \d{4}$/);
  await digits.waitFor();
  const other = await newPhone();
  await other.go(`/join/${((await digits.textContent()) ?? "").replaceAll(" ", "")}`);
  await other.button("Join").click();
  await expect(other.heading(`You have joined, ${NAME}.`)).toBeVisible();
  await other.worksOffline();
  await other.keep({ note: PRIVATE });
  await other.context.setOffline(true);
  await other.share({ note: UNSENT });
  await asksToLeave(phone);
  await expectGoodbye(phone);

  await other.context.setOffline(false);
  await expect(other.page.getByText("This phone was asked to be cleared.")).toBeVisible({ timeout: 50_000 });
  await expect(other.page.getByText("1 thing here was never sent. It is gone too.")).toBeVisible();
  const left = (await dump(other.page)).filter((row) => !isNobodys(row));
  expect(left.map(({ store, key }) => `${store} ${key}`)).toEqual(["meta cleared"]);
});

test("two people on one phone: only the things of who leaves Chorus go", async ({ phone }) => {
  await shares(phone);
  await phone.keep({ note: PRIVATE });
  await phone.context.setOffline(true);
  await phone.share({ note: UNSENT });
  const rows = await dump(phone.page);
  const sam = rows.find((row) => row.store === "meta" && row.key.startsWith("name/"))?.key.slice("name/".length) ?? "";
  await phone.go("/my-phone/leave");
  await phone.button("Keep them here for me").click();
  const anew = phone.page.waitForEvent("domcontentloaded");
  await phone.button("Yes, keep them and leave").click();
  await anew;
  await phone.ready();
  const sams = rowsOf(await dump(phone.page), sam);
  expect(JSON.stringify(sams)).toContain(UNSENT);
  await phone.context.setOffline(false);
  await phone.join("Ash");
  await phone.keep({ note: "Ash keeps this" });
  await asksToLeave(phone);
  await expect(phone.page.getByText("You have left Chorus.")).toBeVisible({ timeout: 50_000 });
  const after = (await dump(phone.page)).filter((row) => !isNobodys(row) && row.key !== "cleared");
  expect(after).toEqual(sams);
});
