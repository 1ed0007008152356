// What a PIN needs of the browser: keys, sealing and opening rows, and noticing that nobody uses the
// phone. Loaded only where there is a PIN or one is being set, for it would weigh three times as much in
// the wasm. It holds no words; see frontend/src/{pin,seal}.rs, which call it, and docs/decisions/007.

const { subtle } = globalThis.crypto;
const held = {}; // The keys that this tab may use, by the lock's id. They cannot be taken out.
const encoder = new TextEncoder();
const decoder = new TextDecoder();
const IV_BYTES = 12;

const bytes = (base64) => Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
const random = (count) => crypto.getRandomValues(new Uint8Array(count));
function base64(array) {
  let letters = '';
  for (const byte of array) letters += String.fromCharCode(byte);
  return btoa(letters);
}
const aes = (iv, bound) => ({ name: 'AES-GCM', iv, additionalData: encoder.encode(bound) });

// What a PIN makes: a key that opens nothing but the wrapped one.
async function keyOf(pin, salt, count) {
  // However a keyboard makes an accent or a capital.
  const text = encoder.encode(pin.normalize('NFKC').toLowerCase());
  const typed = await subtle.importKey('raw', text, 'PBKDF2', false, ['deriveKey']);
  const how = { name: 'PBKDF2', hash: 'SHA-256', salt: bytes(salt), iterations: count };
  return subtle.deriveKey(how, typed, { name: 'AES-GCM', length: 256 }, false, ['wrapKey', 'unwrapKey']);
}

async function wrap(key, pin, count, id) {
  const salt = base64(random(16));
  const iv = random(IV_BYTES);
  const wrapped = await subtle.wrapKey('raw', key, await keyOf(pin, salt, count), aes(iv, id));
  return [id, salt, base64([...iv, ...new Uint8Array(wrapped)])];
}

async function unwrap(pin, [id, salt, count, wrapped], mayBeTaken) {
  const all = bytes(wrapped);
  const [iv, rest] = [all.slice(0, IV_BYTES), all.slice(IV_BYTES)];
  const key = await keyOf(pin, salt, count);
  return subtle.unwrapKey('raw', rest, key, aes(iv, id), 'AES-GCM', mayBeTaken, ['encrypt', 'decrypt']);
}

// A new key under a PIN: id, salt and wrapped key.
export async function make([pin, count]) {
  const key = await subtle.generateKey({ name: 'AES-GCM', length: 256 }, true, ['encrypt', 'decrypt']);
  const lock = await wrap(key, pin, count, base64(random(9)));
  // Nothing is sealed before it has been shown that the PIN opens it again.
  await open([pin, lock[0], lock[1], count, lock[2]]);
  return lock;
}

// Whether the PIN opens the lock; if so, this tab has its key.
export async function open([pin, ...lock]) {
  try {
    held[lock[0]] = await unwrap(pin, lock, false);
    return true;
  } catch (reason) {
    if (reason.name === 'OperationError') return false;
    throw reason;
  }
}

// The same key under another PIN.
export async function rewrap([pin, next, nextCount, ...lock]) {
  return wrap(await unwrap(pin, lock, true), next, nextCount, lock[0]);
}

// --- Rows -------------------------------------------------------------------------------------
// A sealed row is whose it is (where it says so) and whether a command has its outcome, the mark, the lock's id, a space and the sealed text.
// The mark stands in no other row: JSON writes it in another way, and nobody can type it.
const MARK = '\u0001';
const threes = (flat) => Array.from({ length: flat.length / 3 }, (_, at) => flat.slice(3 * at, 3 * at + 3));

// What stays outside the seal of a row of the owner's; nothing for a row that is not theirs, is for
// everyone, or is sealed already.
function outside(owner, store, key, row) {
  if (row.includes(MARK)) return undefined;
  if (store === 'records') return key.startsWith('public/') ? undefined : '';
  if (store === 'meta') return key.endsWith(`/${owner}`) && !/^(lock|tries|remind|reminded|shown)\//.test(key) ? '' : undefined;
  if (store === 'outbox') {
    const command = JSON.parse(row);
    const answered = command.answered ? 'answered\n' : '';
    return (command.owner.member ?? command.owner) === owner ? `${owner}\n${answered}` : undefined;
  }
  return row.startsWith(`${owner}\n`) ? `${owner}\n` : undefined;
}

// A sealed text opens in no other place.
const place = (store, key) => `${store}/${key}`;

async function sealRow(owner, id, [store, key, row]) {
  const before = outside(owner, store, key, row);
  if (before === undefined) return row;
  const text = store === 'outbox' ? row : row.slice(before.length);
  const iv = random(IV_BYTES);
  const sealed = await subtle.encrypt(aes(iv, place(store, key)), held[id], encoder.encode(text));
  return `${before}${MARK}${id} ${base64([...iv, ...new Uint8Array(sealed)])}`;
}

async function openRow([store, key, row]) {
  const [before, seal] = row.split(MARK);
  if (seal === undefined) return row;
  const [id, text] = seal.split(' ');
  if (!held[id]) return undefined;
  const all = bytes(text);
  try {
    const how = aes(all.slice(0, IV_BYTES), place(store, key));
    const opened = decoder.decode(await subtle.decrypt(how, held[id], all.slice(IV_BYTES)));
    return store === 'outbox' ? opened : before + opened;
  } catch {
    return undefined; // It stays where it is.
  }
}

// Rows come as store, key, row, one after the other.
export const seal = ([owner, id, ...flat]) => Promise.all(threes(flat).map((row) => sealRow(owner, id, row)));
export const unseal = (flat) => Promise.all(threes(flat).map(openRow));

// --- Turning all rows, which may be cut at any moment -----------------------------------------
const AT_ONCE = 100;
const STORES = ['private', 'drafts', 'outbox', 'meta', 'records'];

const answer = (request) =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });

async function withStore(work) {
  const database = await answer(indexedDB.open('chorus'));
  try {
    return await work(database);
  } finally {
    database.close();
  }
}

// Writes if the owner's lock is still the one that it was decided on.
const write = (database, store, [key, known], work) =>
  new Promise((resolve, reject) => {
    const transaction = database.transaction([store, 'meta'], 'readwrite');
    transaction.oncomplete = resolve;
    transaction.onabort = () => reject(transaction.error ?? new Error('another tab has changed the lock'));
    transaction.objectStore('meta').get(key).onsuccess = ({ target }) =>
      (target.result ?? '') === known ? work(transaction.objectStore(store)) : transaction.abort();
  });

async function rows(database, name) {
  const store = database.transaction(name).objectStore(name);
  const [keys, values] = await Promise.all([answer(store.getAllKeys()), answer(store.getAll())]);
  return keys.map((key, at) => [name, key, values[at]]);
}

// The PIN is everyone's who has it. How far their own rows have come each lock says for itself.
const withTheirs = (next, { state, turn }) => (next.state === 'opening' ? next : { ...next, state, turn });

// Writes a lock in the place of the one that is known, or lets it go with its wrong tries: for everyone
// on this phone who has it.
const putLock = (database, lock, id, next) =>
  write(database, 'meta', lock, (meta) => {
    if (next) meta.put(next, lock[0]);
    const all = meta.openCursor(IDBKeyRange.bound('lock/', 'lock0'));
    all.onsuccess = () => {
      const cursor = all.result;
      if (!cursor) return;
      const theirs = JSON.parse(cursor.value);
      if (theirs.id === id) {
        if (!next) {
          cursor.delete();
          meta.delete(cursor.key.replace('lock', 'tries'));
        } else if (cursor.key !== lock[0]) cursor.update(JSON.stringify(withTheirs(JSON.parse(next), theirs)));
      }
      cursor.continue();
    };
  });

export const put = ([owner, known, next]) =>
  withStore((database) => putLock(database, [`lock/${owner}`, known], JSON.parse(next).id, next));

// Seals, or opens for good, what is still to be: each row only if it stands as it was read, and the
// lock's own state last, when a whole look found none left.
export const settle = ([owner]) =>
  withStore(async (database) => {
    const key = `lock/${owner}`;
    const known = await answer(database.transaction('meta').objectStore('meta').get(key));
    if (!known) return;
    const lock = JSON.parse(known);
    if (lock.state === 'sealed') return;
    const opens = lock.state === 'opening';
    let turned;
    do {
      turned = false;
      for (const store of STORES) {
        const all = await rows(database, store);
        const isDue = ([, at, row]) =>
          opens ? row.includes(`${MARK}${lock.id} `) : outside(owner, store, at, row) !== undefined;
        const due = all.filter(isDue);
        for (let from = 0; from < due.length; from += AT_ONCE) {
          const some = due.slice(from, from + AT_ONCE);
          const next = await Promise.all(some.map((row) => (opens ? openRow(row) : sealRow(owner, lock.id, row))));
          turned ||= next.some((row) => row !== undefined);
          await write(database, store, [key, known], (into) =>
            some.forEach(([, at, was], place) => {
              if (next[place] === undefined) return;
              into.get(at).onsuccess = ({ target }) => target.result === was && into.put(next[place], at);
            }));
        }
      }
    } while (turned);
    await putLock(database, [key, known], lock.id, opens ? '' : JSON.stringify({ ...lock, state: 'sealed' }));
  });

// --- Nobody uses the phone --------------------------------------------------------------------
const others = new BroadcastChannel('chorus-use');
const LOOK_MS = 5000;
const TELL_MS = 10_000;
// Two clocks: one can be set, the other may stand still while the phone sleeps.
const clocks = () => [Date.now(), performance.now()];
const since = (then) => Math.max(...clocks().map((now, at) => now - then[at]));
let looking;
let limits;
let used;
let told = [0, -Infinity];
let hidden;

function use() {
  used = clocks();
  if (since(told) < TELL_MS) return;
  told = used;
  others.postMessage('used');
}

function look() {
  const [unused, unseen] = limits;
  if (since(used) < unused && !(hidden && since(hidden) >= unseen)) return;
  chorus.cover(true);
  chorus.tell('lock');
}

// Tells 'lock' after so long without use, or hidden.
export function watch(next) {
  limits = next.map(Number);
  used = clocks();
  if (looking) return;
  looking = setInterval(look, LOOK_MS);
  others.addEventListener('message', () => (used = clocks()));
  for (const event of ['pointerdown', 'keydown', 'scroll']) addEventListener(event, use, { capture: true, passive: true });
  document.addEventListener('visibilitychange', () => {
    if (chorus.visible()) look();
    hidden = chorus.visible() ? undefined : clocks();
  });
}
