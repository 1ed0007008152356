/**
 * Someone leaves and deletes all that is theirs, then somebody else joins in the same browser: they inherit nothing,
 * and nothing that the first person was is used for them.
 */
import { Member } from "../member";
import type { Phone } from "../phone";
import { DEMO } from "../server";
import { expect, test } from "../test";

const KEPT = "Only the cat knows this";
const SHARED = "Slept badly since the move";
const ASKED = "A chair near the door, please";
const WAITING = "Not sent before it was deleted";
const HALF = "Half a thought";

/** What would tell of her. */
const TRACES = [KEPT, SHARED, ASKED, WAITING, HALF, "Rosalind"];

for (const offline of [false, true]) {
  test(`what was deleted${offline ? " with no signal" : ""} is gone, and the next person to join inherits nothing`, async ({
    network,
    phone,
    server,
  }) => {
    await phone.join("Rosalind");
    await phone.worksOffline();
    await phone.keep({ feeling: "OK", note: KEPT });
    await phone.share({ feeling: "Hard", note: SHARED });
    await phone.signUp(DEMO.staffOpportunity, { needs: ASKED });
    await phone.expectNothingWaiting();
    const rosalind = Member.behind(server, network);
    const traces = [...TRACES, rosalind.id];
    if (offline) {
      await phone.context.setOffline(true);
      await phone.share({ note: WAITING });
    }
    await phone.write({ feeling: "Up and down", note: HALF });
    await phone.expectDraft(HALF);

    await phone.deleteEverything();
    await expectNoTrace(phone, traces);
    if (!offline) await expect.poll(() => rosalind.isKnown(), "her session has ended").toBe(false);
    const since = network.sent.length;

    if (offline) {
      await test.step("signal comes back before the app has spoken: her cookie is of no use", async () => {
        const speak = network.hold(/^\/api\//);
        await phone.context.setOffline(false);
        for (const path of ["/", "/check-in", "/take-part"]) {
          const page = await phone.page.request.get(path);
          expect(page.status()).toBe(200);
          expect(await page.text(), path).not.toMatch(new RegExp(`${DEMO.team}|"joined":true`));
        }
        await phone.go("/check-ins");
        await expect(phone.page.getByText("Nothing here yet.")).toBeVisible();
        await expect(phone.page.getByText(DEMO.team)).toHaveCount(0);
        speak();
        await expect.poll(() => rosalind.isKnown(), "her session has ended").toBe(false);
      });
    }

    await test.step("Femi joins and sends: nothing of Rosalind is shown, sent or readable", async () => {
      await phone.join("Femi");
      const screens = {
        "/": "Hello, Femi.",
        "/check-ins": "Nothing here yet.",
        "/my-sign-ups": "You haven't signed up for anything.",
        "/my-phone": "You are called Femi here.",
      };
      for (const [path, said] of Object.entries(screens)) {
        await phone.go(path);
        await expect(phone.page.getByText(said)).toBeVisible();
        for (const trace of traces) await expect(phone.page.getByText(trace)).toHaveCount(0);
        await expect(phone.heading("Is this yours?")).toHaveCount(0);
      }
      await phone.share({ note: "Femi's own" });
      await phone.expectNothingWaiting();
      await expectNoTrace(phone, traces);
    });
    const femi = Member.behind(server, network);
    expect(femi.id).not.toBe(rosalind.id);
    expect((await femi.records("check_in")).map(({ body }) => body.note)).toEqual(["Femi's own"]);
    expect(await femi.records("sign_up")).toEqual([]);

    const sent = network.sent.slice(since);
    const carrying = (text: string) => sent.filter((one) => one.carries(text)).map(({ path }) => path);
    for (const trace of traces) expect(carrying(trace), `sent since: ${trace}`).toEqual([]);
    if (!offline) expect(carrying(rosalind.cookie)).toEqual([]);
    expect(network.carrying(WAITING), "what was deleted before it was sent").toEqual([]);
  });
}

test("what was being written in another tab is gone from its screen too, and is never written again", async ({ phone }) => {
  await phone.join("Rosalind");
  await phone.worksOffline();
  const other = await phone.openTab("/check-in");
  await other.note.fill(HALF);
  await phone.expectDraft(HALF);
  await phone.page.bringToFront();
  await phone.deleteEverything();
  await expect(other.page.getByText("Nobody has joined on this phone now.")).toBeVisible();
  await other.ready();
  await other.keep({ note: "Of the next person" });
  await expectNoTrace(phone, [HALF, "Rosalind"]);
});

/** Nothing of the person is in any store of the phone. */
async function expectNoTrace(phone: Phone, traces: string[]): Promise<void> {
  const stores = await phone.stores();
  expect(Object.keys(stores)).toEqual(expect.arrayContaining(["drafts", "meta", "outbox", "private", "records"]));
  for (const [store, rows] of Object.entries(stores)) {
    for (const trace of traces) expect(rows, `${store} still has ${trace}`).not.toContain(trace);
  }
}
