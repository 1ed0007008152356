// What a PIN needs of the browser: keys, sealing and opening, and noticing that nobody uses the phone.
// Loaded only where there is a PIN or one is being set. It holds no rule and no words; see
// frontend/src/pin.rs, which calls it, and docs/decisions/007.

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
  const typed = await subtle.importKey('raw', encoder.encode(pin), 'PBKDF2', false, ['deriveKey']);
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

// Texts come as place, text, place, text: a sealed text opens in no other place.
const pairs = (flat) => Array.from({ length: flat.length / 2 }, (_, at) => [flat[2 * at], flat[2 * at + 1]]);

export const seal = ([id, ...flat]) =>
  Promise.all(pairs(flat).map(async ([place, text]) => {
    const iv = random(IV_BYTES);
    const sealed = await subtle.encrypt(aes(iv, place), held[id], encoder.encode(text));
    return base64([...iv, ...new Uint8Array(sealed)]);
  }));

// What does not open is nothing; the row stays where it is.
export const unseal = ([id, ...flat]) =>
  Promise.all(pairs(flat).map(async ([place, text]) => {
    const all = bytes(text);
    try {
      return decoder.decode(await subtle.decrypt(aes(all.slice(0, IV_BYTES), place), held[id], all.slice(IV_BYTES)));
    } catch {
      return undefined;
    }
  }));

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
