// The phone's memory: IndexedDB, one transaction a call, all of it or nothing. A write is told as kept
// only after the browser has said that it is committed, durably but for drafts, which are written while
// typing. A handle that fails is thrown away and the work is tried once more with a fresh one. It
// holds no rule: what is read and written says frontend/src/store.rs.

const NAME = 'chorus';
const VERSION = 1; // For ever: see docs of the store.
const STORES = ['records', 'outbox', 'private', 'drafts', 'meta'];
const OPEN_LIMIT_MS = 8000; // Some browsers never answer when their storage is broken.

let opening;
let full = false; // Whether the last write that failed found no room.

export const storeIsFull = () => full;

function open() {
  opening ??= new Promise((resolve, reject) => {
    setTimeout(() => reject(new Error('the store does not open')), OPEN_LIMIT_MS);
    const request = indexedDB.open(NAME, VERSION);
    request.onupgradeneeded = () => STORES.forEach((name) => request.result.createObjectStore(name));
    request.onerror = () => reject(request.error);
    request.onsuccess = () => {
      const database = request.result;
      const mine = opening;
      const letGo = () => {
        if (opening === mine) opening = undefined;
      };
      database.onclose = letGo;
      database.onversionchange = () => {
        database.close();
        letGo();
      };
      resolve(database);
    };
  });
  return opening;
}

async function withStore(work) {
  try {
    return await work(await open());
  } catch {
    opening = undefined;
    return work(await open());
  }
}

// Asks come as store, beginning of the keys, and 'keys' or nothing. Each is answered with keys and rows,
// one after the other, or with keys alone; all out of one snapshot, in key order.
export const read = (asks) =>
  withStore((database) =>
    new Promise((resolve, reject) => {
      const wanted = group(asks, 3);
      const transaction = database.transaction([...new Set(wanted.map(([name]) => name))]);
      const found = wanted.map(([name, prefix, alone]) => {
        const store = transaction.objectStore(name);
        const range = IDBKeyRange.bound(prefix, `${prefix}\uffff`);
        return [store.getAllKeys(range), alone ? undefined : store.getAll(range)];
      });
      transaction.oncomplete = () =>
        resolve(found.map(([keys, rows]) =>
          rows ? keys.result.flatMap((key, at) => [key, rows.result[at]]) : keys.result));
      transaction.onabort = () => reject(transaction.error);
    }));

// Changes come as what, store, key, row. Answers 'kept'; 'relocked' or 'stale' if the store has another
// lock or revision than those that they were decided on: then nothing was changed.
export const write = (revision, lock, changes) =>
  withStore((database) =>
    new Promise((resolve, reject) => {
      const list = group(changes, 4);
      const names = new Set(['meta', ...list.flatMap(([what, name]) => SWEPT[what] ?? name)]);
      const typed = revision === undefined && names.size === 2 && names.has('drafts');
      const durability = typed ? 'relaxed' : 'strict';
      const transaction = database.transaction([...names], 'readwrite', { durability });
      let answer = 'kept';
      transaction.oncomplete = () => resolve(answer);
      transaction.onabort = () => {
        if (answer !== 'kept') return resolve(answer);
        full = transaction.error?.name === 'QuotaExceededError';
        reject(transaction.error);
      };
      const meta = transaction.objectStore('meta');
      const sync = meta.get('sync');
      const now = meta.get(lock[0]);
      now.onsuccess = () => {
        if (now.result !== lock[1]) answer = 'relocked';
        else if (revision !== undefined && revisionOf(sync.result) !== revision) answer = 'stale';
        if (answer === 'kept') change(transaction, list);
        else transaction.abort();
      };
    }));

const group = (flat, size) => Array.from({ length: flat.length / size }, (_, at) => flat.slice(size * at, size * (at + 1)));
const revisionOf = (sync) => (sync ? JSON.parse(sync).revision : 0);

// Sweeps read before they write, so what comes after one waits for it; all else is asked for at once.
const SWEPT = { give: ['private', 'drafts'], erase: ['private', 'drafts', 'outbox', 'meta'] };

function change(transaction, list) {
  for (const [at, [what, name, key, row]] of list.entries()) {
    if (SWEPT[what]) {
      const act = what === 'give' ? give(name, key) : erase(name);
      return sweep(transaction, SWEPT[what], act, list.slice(at + 1));
    }
    const store = transaction.objectStore(name);
    if (what === 'put') store.put(row, key);
    else store.delete(key);
  }
}

function sweep(transaction, [name, ...names], act, rest) {
  if (!name) return change(transaction, rest);
  const store = transaction.objectStore(name);
  const keys = store.getAllKeys();
  const rows = store.getAll();
  rows.onsuccess = () => {
    keys.result.forEach((key, at) => act(store, key, rows.result[at]));
    sweep(transaction, names, act, rest);
  };
}

// Rows of a person begin with a line that says whose they are.
const give = (from, to) => (store, key, row) => row.startsWith(`${from}\n`) && store.put(to + row.slice(from.length), key);

const erase = (owner) => (store, key, row) => {
  const theirs = store.name === 'meta' ? key.endsWith(`/${owner}`) : row.startsWith(`${owner}\n`) || waitsFor(owner, store, row);
  if (theirs) store.delete(key);
};

// A waiting command that is not sealed says in itself whose it is.
function waitsFor(owner, store, row) {
  if (store.name !== 'outbox' || !row.startsWith('{')) return false;
  const said = JSON.parse(row).owner;
  return (said.member ?? said) === owner;
}
