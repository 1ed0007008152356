/** Being known to the server is the phone's business, not the person's. */
import { randomUUID } from "node:crypto";
import { Member } from "../member";
import type { Sent } from "../proxy";
import { DEMO } from "../server";
import { expect, test } from "../test";

const NOTE = "Written while nobody knew me";

test("a session that ended while there was no signal is renewed, and nothing is asked", async ({
  network,
  phone,
  server,
}) => {
  await phone.join("Sam");
  await phone.worksOffline();
  await phone.context.setOffline(true);
  await phone.share({ note: NOTE });
  await phone.context.clearCookies();
  await phone.context.setOffline(false);

  await phone.expectNothingWaiting();
  expect(network.requests(/^\/api\/return$/), "the return key was used").not.toEqual([]);
  await expect(phone.page.getByText(/join again|sign in/i)).toHaveCount(0);
  const records = await Member.behind(server, network).records("check_in");
  expect(records.map((record) => record.body.note)).toEqual([NOTE]);
});

test("a lost phone whose session has ended too clears itself, when it is told by its own name", async ({
  network,
  phone,
}) => {
  await phone.join("Sam");
  await phone.keep({ note: NOTE });
  const returns = () => network.requests(/^\/api\/return$/);
  const deviceOf = (sent: Sent) => JSON.parse(sent.body).device as string;
  let named = (_own: string): string => randomUUID();
  network.say(403, "device_revoked", /^\/api\/return$/, (sent) => ({ device: named(deviceOf(sent)) }));
  await phone.context.clearCookies();
  for (const tried of [1, 2]) {
    await phone.go("/check-ins");
    await expect.poll(() => returns().length).toBeGreaterThanOrEqual(tried);
    await expect(phone.page.getByText(NOTE), "another phone's name clears nothing").toBeVisible();
  }
  const lastSync = network.requests(/^\/api\/sync$/).at(-1);
  expect(returns().map(deviceOf)).toContain(lastSync && deviceOf(lastSync));

  named = (own) => own;
  await phone.go("/check-ins");
  await expect(phone.page.getByText(NOTE)).toHaveCount(0);
  // A phone that clears itself loads anew by itself, which may cut off somebody who goes on.
  await expect(async () => {
    await phone.go("/");
    await expect(phone.heading("Hello.")).toBeVisible({ timeout: 2_000 });
  }).toPass({ timeout: 20_000 });
});

test("someone else's cookie on the same phone: nothing of one is shown to or sent as the other", async ({
  network,
  phone,
  server,
}) => {
  const ada = await Member.join(server, DEMO.teamCode, "Ada");
  await ada.shareCheckIn("Ada wrote this");
  await phone.join("Sam");
  await phone.worksOffline();
  await phone.context.setOffline(true);
  await phone.share({ note: NOTE });
  await phone.hasCookieOf(ada);
  await phone.context.setOffline(false);

  await phone.go("/");
  await expect(phone.page.getByText("Someone else has joined in this browser.")).toBeVisible();
  await expect(phone.page.getByText("1 thing not sent yet.")).toBeVisible();
  await phone.go("/check-ins");
  await expect(phone.page.getByText(NOTE)).toBeVisible();
  await expect(phone.page.getByText("Ada wrote this")).toHaveCount(0);
  const adas = await ada.records("check_in");
  expect(adas.map((record) => record.body.note)).toEqual(["Ada wrote this"]);

  await phone.context.clearCookies();
  await phone.expectNothingWaiting();
  const sams = await Member.behind(server, network).records("check_in");
  expect(sams.map((record) => record.body.note)).toEqual([NOTE]);
});
