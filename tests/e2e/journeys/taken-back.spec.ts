/**
 * "Don't send" after something may have arrived: the server had it, its answer was lost, and the
 * phone cannot know. The withdrawal wins, and the person's own copy stays.
 */
import { Member } from "../member";
import type { Proxy } from "../proxy";
import { DEMO, type Server } from "../server";
import { expect, test } from "../test";

const WORDS = "I can't face the stairs today";
const SYNC = /^\/api\/sync$/;

for (const read of [false, true]) {
  test(`a check-in that arrived${read ? ", was read," : ""} and was then not sent is removed from the server, and stays on the phone`, async ({
    desk,
    network,
    phone,
    server,
  }) => {
    await phone.join("Sam");
    await phone.worksOffline();
    await network.set("cut", SYNC, WORDS);
    await phone.share({ feeling: "Hard", note: WORDS, wants: "A message" });
    const sam = await arrived("check_in", { network, server });
    await desk.open("/staff/check-ins");
    await expect(desk.rows("Sam")).toHaveCount(1);
    if (read) await desk.openCheckIn("Sam");

    await phone.go("/my-phone");
    await phone.dontSendFirst();
    await expect(phone.page.getByText("Taking back a check-in")).toBeVisible();
    await expect(phone.page.getByText("A check-in for your team")).toHaveCount(0);
    await expect(phone.page.getByText(/^You took it back\. It goes from your team's list/)).toBeVisible();
    await phone.killAndReopen("/");
    await expect(phone.page.getByText("1 thing not sent yet.")).toBeVisible();

    await network.set("pass");
    await phone.expectNothingWaiting();
    const records = await sam.records("check_in");
    expect(records.map(({ body }) => [body.state, body.note, body.feeling, body.contact])).toEqual([
      ["withdrawn", null, null, null],
    ]);
    await desk.open(read ? "/staff/check-ins?show=opened" : "/staff/check-ins");
    await expect(desk.rows("Sam")).toHaveCount(0);

    await phone.go("/check-ins");
    await expect(phone.page.getByText(WORDS)).toBeVisible();
    await expect(phone.page.getByText(/^Removed from Chorus\./)).toBeVisible();
    await expect(phone.page.getByText("Priya has already read it.")).toHaveCount(read ? 1 : 0);
    await expect(phone.button("Take it back"), "there is nothing left to take back").toHaveCount(0);
  });
}

test("a sign-up that arrived and was then not sent has no place and no words on the server", async ({
  desk,
  network,
  phone,
  server,
}) => {
  await phone.join("Sam");
  await phone.worksOffline();
  await network.set("cut", SYNC, WORDS);
  await phone.signUp(DEMO.firstOpportunity, { needs: WORDS });
  const sam = await arrived("sign_up", { network, server });
  expect((await sam.records("sign_up")).map(({ body }) => body.state), "it even had a place").toEqual(["confirmed"]);

  await phone.go("/my-sign-ups");
  await phone.dontSendFirst();
  await expect(phone.page.getByText("You can't make it. We'll tell them when there's signal.").first()).toBeVisible();

  await network.set("pass");
  await phone.expectNothingWaiting();
  const records = await sam.records("sign_up");
  expect(records.map(({ body }) => [body.state, body.access_needs])).toEqual([["withdrawn", null]]);
  await phone.go("/my-sign-ups");
  await expect(phone.page.getByText("You can't make it. That's fine, and they know.").first()).toBeVisible();
  await desk.open("/staff/sign-ups");
  await expect(desk.rows("Sam")).toHaveCount(0);
});

/** Waits until the server has it while its answer is lost, and all that come after. Gives who asks the server. */
async function arrived(kind: string, { network, server }: { network: Proxy; server: Server }): Promise<Member> {
  await expect.poll(() => network.carrying(WORDS).length).toBeGreaterThan(0);
  const sam = Member.behind(server, network);
  await expect.poll(async () => (await sam.records(kind)).length).toBe(1);
  await network.set("cut", SYNC);
  return sam;
}
