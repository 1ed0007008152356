/** Leaving a phone that others use, and the next person on it. */
import type { Phone } from "../phone";
import { Member } from "../member";
import { DEMO } from "../server";
import { caches_, dump, isNobodys, type Row, rowsOf } from "../store";
import { expect, test } from "../test";

/** A name that stands in no text of ours. */
const NAME = "Ottilie";
const PRIVATE = "Sam keeps this here";
const UNSENT = "Sam wrote this with no signal";
const DRAFT = "Sam began this";

/** Sam joins, keeps something, and leaves one thing unsent and one begun. */
async function samWrites(phone: Phone): Promise<void> {
  await phone.join(NAME);
  await phone.worksOffline();
  await phone.keep({ feeling: "Hard", note: PRIVATE });
  await phone.context.setOffline(true);
  await phone.share({ note: UNSENT });
  await phone.write({ note: DRAFT });
  await phone.expectDraft(DRAFT);
}

async function memberOn(phone: Phone): Promise<string> {
  const rows = await dump(phone.page);
  const name = rows.find((row) => row.store === "meta" && row.key.startsWith("name/"));
  if (!name) throw new Error("nobody has joined");
  return name.key.slice("name/".length);
}

/** What is written, wherever it stands. */
function says(rows: Row[], text: string): boolean {
  return rows.some((row) => row.text.includes(text));
}

test("leaving with unsent things: sent first, and then all of mine is gone", async ({ network, phone, server }) => {
  await samWrites(phone);
  const sam = await memberOn(phone);
  await phone.go("/my-phone/leave");
  await expect(phone.page.getByText("1 thing is waiting to be sent.")).toBeVisible();
  await expect(phone.page.getByText("1 thing you wrote was never sent.")).toBeVisible();
  await phone.button("Send them first").click();
  await expect(phone.page.getByText("Sending. 1 to go.")).toBeVisible();
  // Signal that comes back is noticed by itself, maybe before a finger is there.
  await phone.button("Try now").click();
  await phone.context.setOffline(false);
  await expect(phone.page.getByText("Sending. 1 to go.")).toHaveCount(0, { timeout: 30_000 });
  await expect(phone.page.getByText("1 thing is waiting to be sent.")).toHaveCount(0);
  await expect(phone.button("Send them first")).toHaveCount(0);
  const records = await Member.behind(server, network).records("check_in");
  expect(records.map((record) => record.body.note)).toEqual([UNSENT]);

  await phone.leave("Delete them too");
  const rows = await dump(phone.page);
  expect(JSON.stringify(rows), "not even her id").not.toContain(sam);
  expect(rows.filter((row) => !isNobodys(row))).toEqual([]);
  expect(await phone.context.cookies()).toEqual([]);
  for (const theirs of [PRIVATE, UNSENT, DRAFT, NAME, sam, DEMO.team]) {
    expect(await caches_(phone.page), "nothing personal is in the caches").not.toContain(theirs);
    expect(await phone.page.content(), "nor on the page").not.toContain(theirs);
  }
});

test("leaving with unsent things kept: nobody else is shown them, and they go out when Sam is back", async ({
  newPhone,
  phone,
}) => {
  const other = await newPhone();
  await samWrites(phone);
  await phone.context.setOffline(false);
  await phone.expectNothingWaiting();
  await other.go(`/join/${await phone.showCode()}`);
  await other.button("Join").click();
  await expect(other.heading("You have joined, Ottilie.")).toBeVisible();

  await phone.context.setOffline(true);
  await phone.share({ note: "Kept for later" });
  await phone.write({ note: DRAFT });
  await phone.expectDraft(DRAFT);
  await phone.go("/my-phone/leave");
  await phone.leave("Keep them here for me", "Yes, keep them and leave");
  const rows = await dump(phone.page);
  expect(says(rows, "Kept for later")).toBe(true);
  expect(says(rows, DRAFT)).toBe(true);
  expect(says(rows, PRIVATE), "what is only here goes").toBe(false);
  expect(says(rows, UNSENT), "and so does what was sent: it is with Chorus").toBe(false);

  await phone.context.setOffline(false);
  await phone.join("Ash", DEMO.teamlessCode);
  for (const path of ["/", "/check-ins", "/my-phone", "/check-in", "/my-phone/leave", "/my-sign-ups"]) {
    await phone.go(path);
    for (const theirs of ["Kept for later", DRAFT, NAME, "not sent yet", DEMO.team, "Is this yours?"]) {
      await expect(phone.page.getByText(theirs), `${theirs} on ${path}`).toHaveCount(0);
    }
  }
  await phone.go("/check-in");
  await expect(phone.note).toHaveValue("");

  await phone.go("/my-phone/leave");
  await phone.leave("Leave on this phone");
  const code = await other.showCode();
  await phone.go("/join");
  await phone.page.getByLabel("Your join code").fill(code);
  await phone.button("Join").click();
  await expect(phone.heading("You have joined, Ottilie.")).toBeVisible();
  await phone.expectNothingWaiting();
  await phone.go("/check-in");
  await expect(phone.note).toHaveValue(DRAFT);
  await other.go("/check-ins");
  await expect(other.page.getByText("Kept for later")).toBeVisible();
});

test("leaving with no signal: the session ends before anyone else is taken for Sam", async ({ phone }) => {
  await samWrites(phone);
  await phone.go("/my-phone/leave");
  await phone.leave("Delete them too");
  const cookies = (await phone.context.cookies()).map(({ name }) => name);
  expect(cookies, "it could not be ended yet, and the server is told so").toContain("chorus-leaving");
  expect(cookies).toHaveLength(2);
  await phone.context.setOffline(false);
  await phone.join("Ash", DEMO.teamlessCode);
  await phone.go("/my-phone");
  await expect(phone.page.getByText("You are called Ash here.")).toBeVisible();
  await phone.go("/check-ins");
  await expect(phone.page.getByText(PRIVATE)).toHaveCount(0);
});

test("two people on one phone: nothing of one is touched when the other leaves", async ({ phone }) => {
  await samWrites(phone);
  const sam = await memberOn(phone);
  await phone.go("/my-phone/leave");
  await phone.leave("Keep them here for me", "Yes, keep them and leave");
  const sams = rowsOf(await dump(phone.page), sam);
  expect(sams.length).toBeGreaterThan(0);

  await phone.context.setOffline(false);
  await phone.join("Ash");
  await phone.keep({ note: "Ash keeps this here" });
  await phone.write({ note: "Ash began this" });
  await phone.expectDraft("Ash began this");
  await phone.go("/my-phone/leave");
  await phone.leave("Delete them too");
  const after = (await dump(phone.page)).filter((row) => !isNobodys(row));
  expect(after).toEqual(sams);
});

test("what was written before joining is shown to nobody who joins, until they say that it is theirs", async ({
  phone,
}) => {
  await phone.keep({ note: "Before anyone joined" });
  await phone.join("Ash");
  await phone.go("/check-ins");
  await expect(phone.page.getByText("Before anyone joined")).toHaveCount(0);
  await phone.go("/my-phone");
  await expect(phone.page.getByText("1 thing was written on this phone before you joined.")).toBeVisible();
  await phone.button("No, leave them").click();
  await phone.go("/my-phone/leave");
  await phone.leave("Leave on this phone");
  expect(says(await dump(phone.page), "Before anyone joined"), "nor does Ash's leaving delete it").toBe(true);
});

test("another tab that stood open shows nothing of the person who has left", async ({ phone }) => {
  await phone.join(NAME);
  await phone.keep({ note: PRIVATE });
  const tab = await phone.openTab("/check-ins");
  await expect(tab.page.getByText(PRIVATE)).toBeVisible();
  const form = await phone.openTab("/check-in");
  await form.note.fill(DRAFT);
  await phone.expectDraft(DRAFT);
  await phone.go("/my-phone/leave");
  await phone.leave("Delete them too");
  for (const open of [tab, form]) {
    await expect(async () => {
      await expect(open.page.getByText("Nobody has joined on this phone now.")).toBeVisible();
      for (const theirs of [PRIVATE, DRAFT, NAME]) expect(await open.page.content()).not.toContain(theirs);
    }).toPass();
  }
  expect((await dump(phone.page)).filter((row) => !isNobodys(row)), "nor does it write its draft again").toEqual([]);
});

test("who opens Join where somebody has joined is told so, and changes nothing", async ({ phone }) => {
  await phone.join(NAME);
  await phone.go("/join");
  await expect(phone.page.getByText("You are called Ottilie here.")).toBeVisible();
  await expect(phone.button("Join")).toHaveCount(0);
  await phone.link("Leave on this phone").click();
  await expect(phone.heading("Leave on this phone")).toBeVisible();
});

test("no field of a form is remembered by the browser for the next person", async ({ phone }) => {
  await phone.join(NAME);
  for (const path of ["/check-in"]) {
    await phone.go(path);
    await expect(phone.page.locator("form").first()).toHaveAttribute("autocomplete", "off");
  }
  await phone.startSignUp(DEMO.staffOpportunity);
  await expect(phone.page.locator("form").first()).toHaveAttribute("autocomplete", "off");
});
