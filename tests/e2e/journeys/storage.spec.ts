/** The phone keeps what is typed, and says so when it cannot. */
import type { Phone } from "../phone";
import { DEMO } from "../server";
import { expect, test } from "../test";

const NOTE = "Half a thought";

test("a draft survives a killed browser", async ({ phone }) => {
  await phone.join("Sam");
  await phone.worksOffline();
  await phone.context.setOffline(true);
  await phone.write({ feeling: "Up and down", note: NOTE });
  await phone.expectDraft(NOTE);
  await phone.killAndReopen("/check-in", { offline: true });
  await expect(phone.note).toHaveValue(NOTE);
  await expect(phone.page.getByRole("radio", { name: "Up and down" })).toBeChecked();
});

test("a check-in for the team comes back whole, even to a browser that never says whether it keeps things", async ({
  phone,
}) => {
  await phone.join("Sam");
  await phone.worksOffline();
  await phone.context.setOffline(true);
  await phone.writeToTeam({ feeling: "Up and down", note: NOTE, wants: "A message" });
  await phone.expectDraft('\\"consent\\"');
  phone.before(neverSayWhetherThingsAreKept);
  await phone.killAndReopen("/check-in", { offline: true });
  await expectWhole(NOTE);

  await phone.note.pressSequentially(", and the rest");
  await phone.expectDraft(", and the rest");
  await phone.killAndReopen("/check-in", { offline: true });
  await expectWhole(`${NOTE}, and the rest`);
  await phone.button("Send to Harbour team").click();
  await expect(phone.page.getByText("This has not reached your team yet. No signal.")).toBeVisible();

  async function expectWhole(note: string): Promise<void> {
    await expect(phone.note).toHaveValue(note);
    await expect(phone.page.getByRole("radio", { name: "Up and down" })).toBeChecked();
    await expect(phone.page.getByRole("radio", { name: DEMO.team })).toBeChecked();
    await expect(phone.page.getByRole("radio", { name: "A message" })).toBeChecked();
    await expect(phone.page.getByRole("radio", { name: "Text me" })).toBeChecked();
    await expect(phone.page.getByLabel("Your number, email")).toHaveValue("07700 900123");
    await expect(phone.page.getByRole("checkbox", { name: "can see this check-in" })).toBeChecked();
    await expect(phone.button(`Send to ${DEMO.team}`)).toBeVisible();
  }
});

test("who picks Only me again after the team stays with Only me, whatever arrives and after a kill", async ({
  network,
  phone,
}) => {
  await phone.join("Sam");
  await phone.worksOffline();
  await phone.writeToTeam({ feeling: "Hard", note: NOTE });
  await phone.choose("Only me");
  await phone.expectDraft('\\"who\\",\\"me\\"');
  const other = await phone.openTab("/");
  await other.keep({ note: "Kept in another tab" });
  await phone.page.bringToFront();
  await expectOnlyMe();
  await phone.killAndReopen("/check-in", { offline: true });
  await expectOnlyMe();
  await phone.button("Keep on this phone").click();
  await expect(phone.page.getByText("Only you can see this.")).toBeVisible();
  expect(network.carrying(NOTE)).toEqual([]);

  async function expectOnlyMe(): Promise<void> {
    await expect(phone.note).toHaveValue(NOTE);
    await expect(phone.page.getByRole("radio", { name: "Only me" })).toBeChecked();
    await expect(phone.button("Keep on this phone")).toBeVisible();
    await expect(phone.button(/^Send to/)).toHaveCount(0);
  }
});

for (const { does, write, press, done } of [
  {
    does: "kept",
    write: (phone: Phone) => phone.write({ feeling: "Hard", note: NOTE }),
    press: "Keep on this phone",
    done: "Only you can see this.",
  },
  {
    does: "shared",
    write: (phone: Phone) => phone.writeToTeam({ feeling: "Hard", note: NOTE }),
    press: `Send to ${DEMO.team}`,
    done: /^Sent\. Your team /,
  },
]) {
  test(`on a phone that is really full, what could not be ${does} is said, stays, and is ${does} once there is room`, async ({
    network,
    phone,
  }) => {
    await phone.join("Sam");
    await phone.worksOffline();
    await write(phone);
    await phone.expectDraft(NOTE);
    const makeRoom = await phone.killAndReopenFull("/check-in");
    await expect(phone.note).toHaveValue(NOTE);
    await phone.note.press("End");
    await phone.note.pressSequentially(", typed with no room");
    await phone.button(press).click();
    const alert = phone.page.getByRole("alert").first();
    await expect(alert).toContainText("This phone is full.");
    await expect(phone.page.getByText(done)).toHaveCount(0);
    await expect(phone.note).toHaveValue(`${NOTE}, typed with no room`);
    const { outbox, private: own } = await phone.stores();
    expect(outbox + own, "nothing was kept by half").not.toContain(NOTE);
    expect(network.carrying(NOTE)).toEqual([]);

    await makeRoom();
    await phone.button(press).click();
    await expect(phone.page.getByText(done)).toBeVisible();
    await expect(phone.page.getByText("This phone is full.")).toHaveCount(0);
    await phone.go("/check-ins");
    await expect(phone.page.getByText(`${NOTE}, typed with no room`)).toBeVisible();
  });
}

for (const [how, breakStore] of [
  ["throws", throwOnPut],
  ["aborts", abortAfterPut],
] as const) {
  test(`when a write to the store ${how}, the phone says that nothing was kept, and the words stay`, async ({
    network,
    phone,
  }) => {
    await phone.join("Sam");
    await phone.write({ feeling: "Hard", note: NOTE });
    await phone.page.evaluate(breakStore);
    await phone.button("Keep on this phone").click();
    await expect(phone.page.getByRole("alert").first()).toContainText(/keep|went wrong/);
    await expect(phone.page.getByText("Only you can see this.")).toHaveCount(0);
    await expect(phone.note).toHaveValue(NOTE);
    expect(network.carrying(NOTE)).toEqual([]);
  });
}

function neverSayWhetherThingsAreKept(): void {
  navigator.storage.persisted = () => new Promise(() => {});
}

function throwOnPut(): void {
  const fail = () => {
    throw new DOMException("The disk is full.", "QuotaExceededError");
  };
  IDBObjectStore.prototype.put = fail;
  IDBObjectStore.prototype.add = fail;
}

function abortAfterPut(): void {
  const put = IDBObjectStore.prototype.put;
  IDBObjectStore.prototype.put = function (this: IDBObjectStore, ...args: [unknown, IDBValidKey?]) {
    const request = put.apply(this, args);
    this.transaction.abort();
    return request;
  };
}
