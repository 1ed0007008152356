/** A copy of everything: saving it, opening it anywhere, and bringing it back on another phone. */
import { readFileSync, writeFileSync } from "node:fs";
import { expectNoSidewaysScrolling, expectNoViolations } from "../axe";
import type { Phone, Tab } from "../phone";
import { expectSealed, goUnlocked, setPin } from "../pin";
import { DEMO } from "../server";
import { dump as rows } from "../store";
import { expect, test } from "../test";

test.setTimeout(180_000);

const NAME = "Quillon";
const PRIVATE = "the heron by the <b>canal</b> & co";
const SENT = "a walk to the mill";
const WAITING = "the third bench";
const NEEDS = "a chair near the hatch";
const DRAFT = "half of a thought about kites";
const NUMBER = "07700 900123";
const TYPED = [NAME, PRIVATE, SENT, WAITING, NEEDS, DRAFT, NUMBER];
const PASSPHRASE = "four words with no link";
/** Turning a passphrase over takes a slow machine its time. */
const OPENS_WITHIN_MS = 60_000;

/** A phone with something of every kind on it, and no signal. */
async function fill(phone: Phone): Promise<void> {
  await phone.join(NAME);
  await phone.keep({ feeling: "Hard", note: PRIVATE });
  await phone.share({ feeling: "OK", note: SENT, wants: "A message" });
  await phone.expectNothingWaiting();
  await phone.worksOffline();
  await phone.context.setOffline(true);
  await phone.share({ feeling: "OK", note: WAITING });
  await phone.signUp(DEMO.staffOpportunity, { needs: NEEDS });
  await phone.write({ note: DRAFT });
  await phone.expectDraft(DRAFT);
}

interface Saved {
  name: string;
  path: string;
  bytes: Buffer;
}

/** Saves a copy, and gives the file that came of it. */
async function save(tab: Tab, button: string, passphrase = ""): Promise<Saved> {
  await tab.go("/my-phone/copy");
  await expect(tab.page.getByText("What is in it now")).toBeVisible();
  if (passphrase) {
    await tab.page.getByLabel("A passphrase, if you want one").fill(passphrase);
    await tab.page.getByLabel("The passphrase once more").fill(passphrase);
  }
  const coming = tab.page.waitForEvent("download", { timeout: OPENS_WITHIN_MS });
  await tab.button(button).click();
  const download = await coming;
  await expect(tab.page.getByText(`Saving ${download.suggestedFilename()}.`, { exact: false })).toBeVisible();
  const path = test.info().outputPath(download.suggestedFilename());
  await download.saveAs(path);
  return { name: download.suggestedFilename(), path, bytes: readFileSync(path) };
}

const toRead = (tab: Tab, passphrase = "") => save(tab, "Save a copy to read", passphrase);
const toPhone = (tab: Tab, passphrase = "") => save(tab, "Save a copy for another phone", passphrase);

/** Picks a file under "Bring back a copy". */
async function pick(tab: Tab, path: string): Promise<void> {
  await tab.page.getByLabel("Pick the file").setInputFiles(path);
}

async function bringBack(tab: Tab): Promise<void> {
  await tab.button("Bring it back").click();
  await expect(tab.page.getByText("It is back.")).toBeVisible();
}

/** Every copy of a note on My check-ins. */
async function expectCheckIns(tab: Tab, notes: string[]): Promise<void> {
  await tab.go("/check-ins");
  for (const note of notes) await expect(tab.page.getByText(note, { exact: true })).toHaveCount(1);
}

function file(name: string, content: string | Buffer): string {
  const path = test.info().outputPath(name);
  writeFileSync(path, content);
  return path;
}

test("with no signal a copy to read holds every word, and opens anywhere", async ({ page, phone }) => {
  await fill(phone);
  const copy = await toRead(phone);
  expect(copy.name).toMatch(/^chorus-copy-\d{4}-\d\d-\d\d\.html$/);
  for (const secret of await secrets(phone)) expect(copy.bytes.toString()).not.toContain(secret);

  // In a browser that knows nothing of Chorus.
  await page.goto(`file://${copy.path}`);
  await expect(page.getByRole("heading", { level: 1, name: "A copy of everything" })).toBeVisible();
  for (const word of TYPED) await expect(page.getByText(word).first(), word).toBeVisible();
  await expect(page.getByText(DEMO.staffOpportunity).first()).toBeVisible();
  const year = String(new Date().getFullYear());
  await expect(page.getByRole("heading", { level: 3, name: `${year}, ` }).first()).toBeVisible();
  expect(await page.locator("script").count()).toBe(0);
  await expectNoViolations(page, "a copy to read");
  await page.setViewportSize({ width: 320, height: 640 });
  await expectNoSidewaysScrolling(page, "a copy to read at 320 px");
});

/** What signs this phone in, which no copy may hold. */
async function secrets(phone: Phone): Promise<string[]> {
  const key = (await rows(phone.page)).find((row) => row.key.startsWith("return_key/"));
  if (!key) throw new Error("the phone has no return key");
  const cookies = await phone.context.cookies();
  return [JSON.parse(key.text) as string, ...cookies.map(({ value }) => value)];
}

test("a copy for another phone brings everything back there, for only the person, once, and sends nothing", async ({
  network,
  newPhone,
  phone,
}) => {
  await fill(phone);
  const copy = await toPhone(phone);
  expect(copy.name).toMatch(/^chorus-copy-\d{4}-\d\d-\d\d\.json$/);
  expect(JSON.parse(copy.bytes.toString())).toMatchObject({ chorus_copy: 1, name: NAME, team: DEMO.team });
  for (const secret of await secrets(phone)) expect(copy.bytes.toString()).not.toContain(secret);

  const other = await newPhone();
  await other.join("Quill");
  await other.go("/my-phone/copy");
  await pick(other, copy.path);
  await expect(other.page.getByText(`A copy of ${NAME}, made`)).toBeVisible();
  await expect(other.page.getByText("5 things come back.")).toBeVisible();
  await expect(other.page.getByText("The sign-up does not come back.")).toHaveCount(0);
  await expect(other.page.getByText("What waited to be sent is not sent by itself.")).toBeVisible();
  await expectCheckIns(other, []);
  await expect(other.page.getByText(PRIVATE), "picking a file adds nothing").toHaveCount(0);
  await other.go("/my-phone/copy");
  await pick(other, copy.path);
  await bringBack(other);
  await expectCheckIns(other, [PRIVATE, SENT, WAITING]);
  await expect(other.page.getByText("Only you can see this.")).toHaveCount(3);
  await other.go("/check-in");
  await expect(other.note).toHaveValue(DRAFT);

  await other.go("/my-phone");
  await expect(other.page.getByText("This waited to be sent when the copy was made.")).toBeVisible();

  await other.go("/my-phone/copy");
  await pick(other, copy.path);
  await expect(other.page.getByText("All of it is here already.")).toBeVisible();
  await expect(other.button("Bring it back")).toHaveCount(0);
  await expectCheckIns(other, [PRIVATE, SENT, WAITING]);
  await other.expectNothingWaiting();
  await other.expectSynced(network);
  for (const word of [PRIVATE, WAITING, DRAFT, NEEDS]) expect(network.carrying(word), word).toEqual([]);
});

test("on the same person's other phone nothing that Chorus has is doubled", async ({ newPhone, phone }) => {
  await phone.join(NAME);
  await phone.keep({ note: PRIVATE });
  await phone.share({ note: SENT });
  await phone.expectNothingWaiting();
  const copy = await toPhone(phone);
  await pick(phone, copy.path);
  await expect(phone.page.getByText("All of it is here already.")).toBeVisible();

  const other = await newPhone();
  await other.go(`/join/${await phone.showCode()}`);
  await other.button("Join").click();
  await expect(other.heading(`You have joined, ${NAME}.`)).toBeVisible();
  await other.go("/check-ins");
  await expect(other.page.getByText(SENT)).toBeVisible();
  await other.go("/my-phone/copy");
  await pick(other, copy.path);
  await expect(other.page.getByText("1 thing comes back.")).toBeVisible();
  await bringBack(other);
  await expectCheckIns(other, [PRIVATE, SENT]);
});

test("with a passphrase only it opens the file, with any age tool and in Chorus", async ({ newPhone, phone }) => {
  await phone.keep({ feeling: "Hard", note: PRIVATE });
  await phone.worksOffline();
  await phone.context.setOffline(true);
  await phone.go("/my-phone/copy");
  await phone.page.getByLabel("A passphrase, if you want one").fill("short");
  await phone.page.getByLabel("The passphrase once more").fill("short");
  await phone.button("Save a copy to read").click();
  await expect(phone.page.getByText("Please use 8 letters or more. Or leave both empty.")).toBeVisible();

  const page = await toRead(phone, PASSPHRASE);
  const copy = await toPhone(phone, PASSPHRASE);
  expect(page.name).toMatch(/\.html\.age$/);
  expect(copy.name).toMatch(/\.json\.age$/);
  const { Decrypter } = await import("age-encryption");
  for (const { bytes } of [page, copy]) {
    expect(bytes.toString()).toMatch(/^age-encryption\.org\/v1\n-> scrypt /);
    expect(bytes.toString()).not.toContain("heron");
    const decrypter = new Decrypter();
    decrypter.addPassphrase(PASSPHRASE);
    expect(await decrypter.decrypt(bytes, "text")).toContain("the heron by the");
  }

  const other = await newPhone();
  await other.go("/my-phone/copy");
  await other.worksOffline();
  await other.context.setOffline(true);
  await pick(other, copy.path);
  await expect(other.page.getByText("This copy has a passphrase.")).toBeVisible();
  for (const wrong of ["not the one at all", "nor is this one"]) {
    await other.page.getByLabel("The passphrase of this copy").fill(wrong);
    await other.button("Open it").click();
    await expect(other.page.getByText("That doesn't open it. Nothing is lost. Try again.")).toBeVisible({
      timeout: OPENS_WITHIN_MS,
    });
  }
  await expectNoViolations(other.page, "a wrong passphrase");
  await other.page.getByLabel("The passphrase of this copy").fill(PASSPHRASE);
  await other.button("Open it").click();
  await expect(other.page.getByText("1 thing comes back.")).toBeVisible({ timeout: OPENS_WITHIN_MS });
  await expectNoViolations(other.page, "what was found in a copy");
  await bringBack(other);
  await expectCheckIns(other, [PRIVATE]);
});

test("a hostile or broken file gets a clear sentence and changes nothing", async ({ phone }) => {
  await phone.keep({ note: "what was here" });
  // The sync goes on meanwhile, so what it keeps may change.
  const own = async () => {
    const { private: kept, drafts, outbox } = await phone.stores();
    return { kept, drafts, outbox };
  };
  const before = await own();
  await phone.go("/my-phone/copy");
  const one = { id: "0199c0de-0000-7000-8000-000000000001", made_at: 1_795_443_120_007 };
  const whole = { chorus_copy: 1, made_at: "2026-11-23T14:12:00.007Z" };
  const unreadable = "Chorus can't read that file. Nothing was changed.";
  const cases: [string, string | Buffer, string][] = [
    ["notes.txt", "Dear diary", unreadable],
    ["empty.json", "", unreadable],
    ["other.json", JSON.stringify({ chorus: "no" }), unreadable],
    ["newer.json", JSON.stringify({ chorus_copy: 2 }), "A newer Chorus made that copy."],
    ["types.json", JSON.stringify({ ...whole, check_ins: [{ ...one, note: 7 }] }), unreadable],
    ["times.json", JSON.stringify({ ...whole, check_ins: [{ ...one, made_at: 9e15 }] }), unreadable],
    ["deep.json", "[".repeat(5_000_000), unreadable],
    ["picture.json", Buffer.from([0x89, 0x50, 0x4e, 0x47, 0xff, 0xfe]), unreadable],
    ["huge.json", Buffer.alloc(20_000_001, " "), "That file is too big to be a copy from Chorus."],
    ["greedy.json.age", "age-encryption.org/v1\n-> scrypt x 19\n", unreadable],
    ["broken.json.age", "age-encryption.org/v1\n-> scrypt x 17\n", "This copy has a passphrase."],
  ];
  for (const [name, content, says] of cases) {
    await pick(phone, file(name, content));
    await expect(phone.page.getByText(says), name).toBeVisible();
    await expect(phone.button("Bring it back"), name).toHaveCount(0);
  }
  await phone.page.getByLabel("The passphrase of this copy").fill(PASSPHRASE);
  await phone.button("Open it").click();
  await expect(phone.page.getByText(unreadable)).toBeVisible();
  expect(await own()).toEqual(before);

  const script = "<img src=x onerror=\"document.title='gone'\"><script>document.title='gone'</script>";
  const scripted = { ...whole, name: script, team: script, check_ins: [{ ...one, note: script }] };
  await pick(phone, file("script.json", JSON.stringify(scripted)));
  await expect(phone.page.getByText(`A copy of ${script}, made`)).toBeVisible();
  await bringBack(phone);
  await expectCheckIns(phone, [script, "what was here"]);
  expect(await phone.page.title()).not.toBe("gone");
  const copy = await toRead(phone);
  expect(copy.bytes.toString()).not.toMatch(/<script|<img/);
});

test("what comes back under a PIN is sealed like anything else", async ({ newPhone, phone }) => {
  await phone.keep({ note: PRIVATE });
  await phone.write({ note: DRAFT });
  await phone.expectDraft(DRAFT);
  const copy = await toPhone(phone);

  const other = await newPhone();
  await other.join("Quill");
  await setPin(other);
  await goUnlocked(other, "/my-phone/copy");
  await pick(other, copy.path);
  await bringBack(other);
  await expectSealed(other, ["heron", DRAFT]);
  await goUnlocked(other, "/my-phone/copy");
  await expect(other.page.getByText("1 check-in, with all that was said about it")).toBeVisible();
  await expect(other.page.getByText("1 thing you began")).toBeVisible();
  await expectSealed(other, ["heron", DRAFT]);
});

test("a forgotten PIN, and a copy that was made before: what was private is back", async ({ phone }) => {
  await phone.join(NAME);
  await phone.keep({ note: PRIVATE });
  const copy = await toPhone(phone, PASSPHRASE);
  await setPin(phone);
  await phone.go("/check-ins");
  await phone.button("I've forgotten my PIN").click();
  await phone.button("Yes, delete them").click();
  await expect(phone.heading("My check-ins")).toBeVisible();
  await expect(phone.page.getByText("heron")).toHaveCount(0);
  await phone.join("Anew");
  await phone.go("/my-phone/copy");
  await pick(phone, copy.path);
  await phone.page.getByLabel("The passphrase of this copy").fill(PASSPHRASE);
  await phone.button("Open it").click();
  await expect(phone.page.getByText("1 thing comes back.")).toBeVisible({ timeout: OPENS_WITHIN_MS });
  await bringBack(phone);
  await expectCheckIns(phone, [PRIVATE]);
});

test("a phone that dies while a copy comes back has all of it or nothing, and can begin again", async ({ phone }) => {
  const many = 400;
  const one = (at: number) => ({
    id: `0199c0de-0000-7000-8000-${String(at).padStart(12, "0")}`,
    made_at: 1_795_443_120_000 + at,
    note: `thought ${at}`,
  });
  const check_ins = Array.from({ length: many }, (_, at) => one(at));
  const path = file("many.json", JSON.stringify({ chorus_copy: 1, made_at: "2026-11-23T14:12:00Z", check_ins }));
  const held = async () => (await rows(phone.page)).filter((row) => row.store === "private").length;
  for (let time = 0; time < 3; time += 1) {
    await phone.go("/my-phone/copy");
    await pick(phone, path);
    await phone.button("Bring it back").click({ noWaitAfter: true });
    await phone.killAndReopen("/my-phone/copy");
    const now = await held();
    expect([0, many]).toContain(now);
    if (now === many) break;
  }
  await pick(phone, path);
  if ((await held()) === 0) await bringBack(phone);
  else await expect(phone.page.getByText("All of it is here already.")).toBeVisible();
  expect(await held()).toBe(many);
});
