/** What of a row is sealed, asked of the very code that seals. */
import { expect, test } from "../test";

type Row = [store: string, key: string, row: string];
interface Chorus {
  pin: (what: string, list: string[]) => Promise<(string | undefined)[]>;
}

const SAM = "0198d0a0-0000-7000-8000-000000000007";
const ALEX = "0198d0a0-0000-7000-8000-000000000008";
const WORDS = "Ünïcode \u{1F525} words,\nover two lines, \"quoted\" and \\ slashed";

const waiting = (owner: unknown, answered: string | null = null) =>
  JSON.stringify({ id: "1", seq: 3, owner, text: JSON.stringify({ note: WORDS }), answered });
const own = (owner: string) => `${owner}\n${JSON.stringify({ note: WORDS })}`;

/** Rows of Sam's, of every kind. */
const THEIRS: Row[] = [
  ["records", `member:${SAM}/sign_up/1/4`, JSON.stringify({ note: WORDS })],
  ["outbox", "1", waiting({ member: SAM })],
  ["outbox", "1a", waiting({ member: SAM }, "2026-11-23T14:02:00.000Z")],
  ["private", "check_in/1", own(SAM)],
  ["drafts", "check_in/2", own(SAM)],
  ["drafts", "refused/3", own(SAM)],
  ["meta", `name/${SAM}`, "Sam"],
  ["meta", `return_key/${SAM}`, "abcdef"],
  ["meta", `alone/${SAM}`, ""],
];

/** Rows that a lock of Sam's leaves as they are. */
const OTHERS: Row[] = [
  ["records", "public/help_line/1/4", JSON.stringify({ label: "Duty line" })],
  ["outbox", "2", waiting({ member: ALEX })],
  ["outbox", "3", waiting("local")],
  ["private", "check_in/4", own(ALEX)],
  ["private", "check_in/5", own("local")],
  ["meta", "sync", JSON.stringify({ revision: 1, owner: { member: SAM } })],
  ["meta", "device", ALEX],
  ["meta", `lock/${SAM}`, "{}"],
  ["meta", `tries/${SAM}`, "{}"],
  ["meta", `name/${ALEX}`, "Alex"],
];

test("all of a person's own is sealed, opens as it was and in no other place; what is not theirs stays", async ({ phone }) => {
  await phone.go("/");
  const ask = (what: string, list: string[]) =>
    phone.page.evaluate(
      ([name, ...rest]) => (globalThis as unknown as { chorus: Chorus }).chorus.pin(name ?? "", rest),
      [what, ...list],
    );
  const [id, salt, wrapped] = (await ask("make", ["407192", "600000"])) as [string, string, string];
  const sealed = (await ask("seal", [SAM, id, ...THEIRS.flat()])) as string[];
  for (const [at, row] of sealed.entries()) {
    expect(row).toMatch(/^([0-9a-f-]{36}\n(answered\n)?)?\u0001[\w+/]+ [\w+/=]+$/);
    expect(row, THEIRS[at]?.[0]).not.toContain("words,");
  }
  expect(sealed.filter((row) => row.includes("answered")), "what waits can be counted unread").toHaveLength(1);
  const again = (await ask("seal", [SAM, id, ...THEIRS.flat()])) as string[];
  expect(again.filter((row, at) => row === sealed[at])).toEqual([]);
  const put = (rows: string[]) => THEIRS.map(([store, key], at): Row => [store, key, rows[at] ?? ""]);
  expect(await ask("seal", [SAM, id, ...put(sealed).flat()]), "nothing is sealed in a seal").toEqual(sealed);
  expect(await ask("unseal", put(sealed).flat())).toEqual(THEIRS.map(([, , row]) => row));

  expect(await ask("seal", [SAM, id, ...OTHERS.flat()])).toEqual(OTHERS.map(([, , row]) => row));
  const moved = put(sealed).map(([store, key, row]): Row => [store, `${key}0`, row]);
  expect((await ask("unseal", moved.flat())).filter(Boolean), "in another place it does not open").toEqual([]);
  const foreign = put(sealed).map(([store, key, row]): Row => [store, key, row.replace(id, "another")]);
  expect((await ask("unseal", foreign.flat())).filter(Boolean), "nor without its key").toEqual([]);

  for (const [pin, right] of [["407193", false], ["", false], ["407192", true]] as const) {
    expect(await ask("open", [pin, id, salt, "600000", wrapped]), pin).toBe(right);
  }
});
