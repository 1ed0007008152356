/** A new version waits for the person, not the other way round. */
import { expect, test } from "../test";

const HALF = "I am in the middle of a sent";

test("a new version that comes while someone types is offered, interrupts nothing, and keeps the draft", async ({
  network,
  phone,
}) => {
  await phone.join("Sam");
  await phone.worksOffline();
  await phone.go("/check-in");
  await phone.note.fill(HALF);
  await phone.page.evaluate(() => Object.assign(globalThis, { sameDocument: true }));

  network.rewrite(/^\/sw\.js$/, (_, body) => Buffer.from(body.toString().replace(/chorus-[0-9a-f]{16}/, "chorus-0123456789abcdef")));
  await phone.page.evaluate(async () => (await navigator.serviceWorker.ready).update());
  await expect(phone.page.getByText("A new version is ready.")).toBeVisible();

  await phone.note.pressSequentially("ence.");
  await expect(phone.note).toHaveValue(`${HALF}ence.`);
  await expect(phone.note).toBeFocused();
  expect(await phone.page.evaluate(() => "sameDocument" in globalThis), "the page was not reloaded").toBe(true);

  await phone.button("Use it now").click();
  await expect.poll(() => phone.page.evaluate(() => "sameDocument" in globalThis).catch(() => true)).toBe(false);
  await phone.ready();
  await expect(phone.note).toHaveValue(`${HALF}ence.`);
  const generations = await phone.page.evaluate(() => caches.keys());
  expect(generations).toEqual(["chorus-0123456789abcdef"]);
});
