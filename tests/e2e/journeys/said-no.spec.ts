/** The server says no for a reason that only time or a person can mend: said in words, and nothing is lost. */
import { Member } from "../member";
import { expect, test } from "../test";

const NOTE = "Written while the server would not have it";
const HALF = "and half a thought";
const SYNC = /^\/api\/sync$/;

const ANSWERS = [
  { status: 409, code: "other_member", words: "Someone else has joined in this browser. Nothing of yours was sent as them." },
  { status: 426, code: "update_required", words: "This version is too old to send. Your things are safe here." },
];

for (const { status, code, words } of ANSWERS) {
  test(`${status} ${code} is said in words, loses nothing, and is over when the answers are as ever`, async ({
    network,
    phone,
    server,
  }) => {
    await phone.join("Sam");
    await phone.worksOffline();
    const asEver = network.say(status, code, SYNC);
    await phone.share({ feeling: "Hard", note: NOTE });
    await phone.write({ note: HALF });
    await phone.expectDraft(HALF);

    for (const path of ["/", "/my-phone"]) {
      await phone.go(path);
      await expect(phone.page.getByText(words)).toBeVisible();
    }
    await phone.killAndReopen("/");
    await expect(phone.page.getByText(words)).toBeVisible();
    await expect(phone.page.getByText("1 thing not sent yet.")).toBeVisible();
    await phone.go("/check-ins");
    await expect(phone.page.getByText(NOTE)).toBeVisible();
    await expect(phone.page.getByText(/^Sent/)).toHaveCount(0);

    await phone.go("/my-phone");
    await expect(phone.page.getByText(words)).toBeVisible();
    asEver();
    await phone.button("Try to send now").click();
    await expect(phone.page.getByText("Nothing is waiting to be sent.")).toBeVisible();
    await expect(phone.page.getByText(words)).toHaveCount(0);
    const records = await Member.behind(server, network).records("check_in");
    expect(records.map(({ body }) => body.note)).toEqual([NOTE]);
    await phone.go("/check-in");
    await expect(phone.note).toHaveValue(HALF);
  });
}
