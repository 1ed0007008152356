/** Everything that a phone keeps, read as a stranger with its developer tools reads it. */
import { expect, type Page } from "@playwright/test";

export interface Row {
  store: string;
  key: string;
  text: string;
}

/** Reads in the page. One that loads anew meanwhile is read once it has. */
export async function readIn<T>(page: Page, read: () => Promise<T>): Promise<T> {
  const found: T[] = [];
  await expect(async () => {
    found.push(await page.evaluate(read));
  }).toPass({ timeout: 10_000 });
  return found[0] as T;
}

/** Every row of every store. */
export async function dump(page: Page): Promise<Row[]> {
  return readIn(page, async () => {
    const open = indexedDB.open("chorus");
    await new Promise((resolve) => open.addEventListener("success", resolve));
    const rows: { store: string; key: string; text: string }[] = [];
    for (const store of open.result.objectStoreNames) {
      const transaction = open.result.transaction(store).objectStore(store);
      const [keys, values] = [transaction.getAllKeys(), transaction.getAll()];
      await new Promise((resolve) => values.addEventListener("success", resolve));
      keys.result.forEach((key, at) => rows.push({ store, key: String(key), text: JSON.stringify(values.result[at]) }));
    }
    open.result.close();
    return rows;
  });
}

/** What everyone may read, and what belongs to the browser itself. */
export function isNobodys({ store, key }: Row): boolean {
  return (store === "records" && key.startsWith("public/")) || (store === "meta" && ["sync", "device"].includes(key));
}

/** The rows of one member, by the owner that each carries. */
export function rowsOf(rows: Row[], member: string): Row[] {
  return rows.filter((row) => !isNobodys(row) && (row.key + row.text).includes(member));
}

/** Everything that the service worker keeps, as text. */
export async function caches_(page: Page): Promise<string> {
  return readIn(page, async () => {
    let all = "";
    for (const name of await caches.keys()) {
      const cache = await caches.open(name);
      for (const request of await cache.keys()) {
        const answer = await cache.match(request);
        all += `${request.url}\n${answer ? await answer.text() : ""}\n`;
      }
    }
    return all;
  });
}
