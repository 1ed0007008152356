/** The phone keeps what is typed, and says so when it cannot. */
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
