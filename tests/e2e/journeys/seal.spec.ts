/** What of a row is sealed, asked of the very code that seals. The simulation's stand-in is asked the same. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "../test";

type Row = [store: string, key: string, row: string];
interface Chorus {
  pin: (what: string, list: string[]) => Promise<(string | undefined)[]>;
}
/** `outside` is what stays outside the seal; null where the row stays as it is. */
interface Golden {
  owner: string;
  rows: { store: string; key: string; row: string; outside: string | null }[];
}

const ROWS = join(__dirname, "../../golden/sealed-rows.json");
const { owner: SAM, rows } = JSON.parse(readFileSync(ROWS, "utf8")) as Golden;
const sealedRows = rows.filter((row) => row.outside !== null);

/** Rows of Sam's, of every kind. */
const THEIRS = sealedRows.map(({ store, key, row }): Row => [store, key, row]);
/** Rows that a lock of Sam's leaves as they are. */
const OTHERS = rows.filter((row) => row.outside === null).map(({ store, key, row }): Row => [store, key, row]);

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
    expect(row.split("\u0001")[0], THEIRS[at]?.[1]).toBe(sealedRows[at]?.outside);
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

/** Runs in the page: writes rows of `meta`, and reads them all. */
async function withMeta(writes: [string, string][]): Promise<Record<string, string>> {
  const done = <T>(request: IDBRequest<T>) =>
    new Promise<T>((resolve, reject) => {
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });
  const database = await done(indexedDB.open("chorus"));
  const meta = database.transaction("meta", "readwrite").objectStore("meta");
  for (const [key, row] of writes) await done(meta.put(row, key));
  const [keys, rows] = [await done(meta.getAllKeys()), await done(meta.getAll() as IDBRequest<string[]>)];
  database.close();
  return Object.fromEntries(keys.map((key, at) => [String(key), rows[at] ?? ""]));
}

test("who joins while their PIN is being set keeps it, and no row of theirs stays plain", async ({ phone }) => {
  await phone.go("/");
  const ask = (what: string, list: string[]) =>
    phone.page.evaluate(
      ([name, ...rest]) => (globalThis as unknown as { chorus: Chorus }).chorus.pin(name ?? "", rest),
      [what, ...list],
    );
  const [id, salt, wrapped] = (await ask("make", ["407192", "600000"])) as [string, string, string];
  const lock = (turn: number) =>
    JSON.stringify({ id, salt, count: 600000, wrapped, state: "sealing", turn, numbers: true, after_min: 5 });
  // They joined before all from before joining was sealed: what came since is still plain.
  const mine: [string, string][] = [["lock/local", lock(0)], [`lock/${SAM}`, lock(1)], [`name/${SAM}`, "Sam"]];
  await phone.page.evaluate(withMeta, mine);
  const state = (row: string | undefined) => (JSON.parse(row ?? "{}") as { state?: string }).state;
  await ask("settle", ["local"]);
  const half = await phone.page.evaluate(withMeta, []);
  expect([half["lock/local"], half[`lock/${SAM}`]].map(state)).toEqual(["sealed", "sealing"]);
  await ask("settle", [SAM]);
  const all = await phone.page.evaluate(withMeta, []);
  expect(state(all[`lock/${SAM}`])).toBe("sealed");
  expect(all[`name/${SAM}`]).toContain("\u0001");
});
