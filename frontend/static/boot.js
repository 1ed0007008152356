// The start of the app, and the browser's edges that the app leans on: what takes five lines here would
// take kilobytes in the wasm. It holds no rule and no words; the app (see frontend/src/platform.rs) calls
// what stands on `globalThis.chorus`, and hears of the world through the one listener it gives.

globalThis.chorusBuild = '{{build}}';

let tell = () => {};
let timer;
let waiting; // The service worker of a newer version.
let reloadDue = false;
let installPrompt;
let unsaved = false;
let full = false; // Whether the last write that failed found no room.
const channel = globalThis.BroadcastChannel && new BroadcastChannel('chorus');

globalThis.chorus = {
  // --- Mounting ---------------------------------------------------------------------------------
  path: () => location.pathname,
  pageData: () => document.getElementById('page-data')?.textContent,
  // The organisation's own words: as the page has them, or as they came last.
  wording() {
    try {
      const page = chorus.pageData();
      return (page ? JSON.parse(page).wording : localStorage.wording) ?? '';
    } catch {
      return ''; // A browser that keeps nothing.
    }
  },
  // Whether the page was rendered by this very build. If not, it makes room for mounting afresh.
  renderedByServer() {
    if (document.body.dataset.ssr === chorusBuild) return true;
    document.body.replaceChildren();
    return false;
  },
  // What was typed or chosen before the app was there, for `retype`.
  typed: () =>
    [...document.querySelectorAll('input, textarea, select')]
      .filter((field) => field.type !== 'hidden' && wasChanged(field))
      .map((field) => [field.name, field.type, field.value, field.checked]),
  retype(fields) {
    for (const [name, type, value, checked] of fields) {
      const choice = type === 'radio' || type === 'checkbox';
      const field = [...document.getElementsByName(name)].find((it) => it.type === type && (!choice || it.value === value));
      if (!field) continue;
      if (choice) field.checked = checked;
      else field.value = value;
      field.dispatchEvent(new Event('input', { bubbles: true }));
      field.dispatchEvent(new Event('change', { bubbles: true }));
    }
  },

  // --- The world --------------------------------------------------------------------------------
  listen(listener) {
    tell = listener;
    if (waiting) tell('update');
  },
  tell: (name) => tell(name),
  visible: () => document.visibilityState === 'visible',
  // One timer: a new call replaces the last.
  wakeIn(ms) {
    clearTimeout(timer);
    timer = setTimeout(() => tell('timer'), ms);
  },
  pause: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
  tellTabs: (news) => channel?.postMessage(news),
  // Resolves to the function that lets the lock go, or to nothing when it is held and `wait` is false.
  lock: (name, wait) =>
    new Promise((resolve, reject) => {
      if (!navigator.locks) return resolve(() => {});
      navigator.locks
        .request(name, { ifAvailable: !wait }, (lock) =>
          lock ? new Promise((release) => resolve(release)) : resolve())
        .catch(reject);
    }),
  async post(path, body, limitMs) {
    const stop = new AbortController();
    const limit = setTimeout(() => stop.abort(), limitMs);
    try {
      const headers = { 'content-type': 'application/json' };
      const answer = await fetch(path, { method: 'POST', headers, body, signal: stop.signal, cache: 'no-store' });
      return [answer.status, await answer.text(), Number(answer.headers.get('retry-after')) || undefined];
    } finally {
      clearTimeout(limit);
    }
  },
  // The session's cookie is out of a script's reach; this one the server reads beside it, and takes away
  // with it. It works from the next request on, signal or not.
  leaveBehind: () => (document.cookie = 'chorus-leaving=1; path=/; max-age=31536000; samesite=lax'),
  storeIsFull: () => full,
  persisted: async () => navigator.storage?.persisted?.(),
  persist: async () => navigator.storage?.persist?.(),
  sayTime,
  daysTo,

  // --- The PIN, and hiding ----------------------------------------------------------------------
  // Keys and sealing stand in a file of their own, which most phones never run.
  pin: async (what, list) => (await import('{{asset:lock.js}}'))[what](list),
  // So do copies, reminders and the plan.
  aside: async (what, list) => {
    const [script, act] = what.split('.');
    return (await asides[script]())[act](list);
  },
  cover: (on) => (document.body.hidden = on),
  reload: () => location.reload(),
  // Pages from the server show nothing of the person's where there is a PIN.
  markPin: (on) => (document.cookie = `pin=1; path=/; samesite=lax; max-age=${on ? 31536000 : 0}`),
  // Whatever was open in this visit is replaced, as far as a page may: Back finds the plain page too.
  async hide(to, title) {
    const steps = history.state?.steps ?? 0;
    if (steps) {
      history.go(-steps);
      await Promise.race([new Promise((done) => addEventListener('popstate', done, { once: true })), chorus.pause(500)]);
    }
    document.title = title;
    history.replaceState(null, '', to);
    history.pushState(null, '', to);
    location.replace(to);
  },

  // --- New versions and installing --------------------------------------------------------------
  // While something typed is not kept yet, nothing reloads.
  setUnsaved(now) {
    unsaved = now;
    reloadWhenQuiet();
  },
  checkForUpdate,
  useUpdate() {
    controlled = true;
    document.activeElement?.blur();
    if (waiting) waiting.postMessage('use-update');
    else location.reload();
  },
  startAnew: (path) => location.replace(path),
  install() {
    installPrompt?.prompt();
    return Boolean(installPrompt);
  },
};

// --- The store: durable writes, and word when the browser closes it -------------------------------
// rexie hides the database handle and has no durability option. Drafts are written while typing, so they
// alone may be relaxed.
const begin = IDBDatabase.prototype.transaction;
IDBDatabase.prototype.transaction = function (stores, mode, options) {
  const durability = mode === 'readwrite' && String(stores) !== 'meta,drafts' ? 'strict' : 'relaxed';
  const transaction = begin.call(this, stores, mode, { durability, ...options });
  transaction.addEventListener('abort', () => (full = transaction.error?.name === 'QuotaExceededError'));
  return transaction;
};
const open = IDBFactory.prototype.open;
IDBFactory.prototype.open = function (...args) {
  const request = open.apply(this, args);
  request.addEventListener('success', () => {
    const database = request.result;
    database.addEventListener('close', () => tell('store-closed'));
    database.addEventListener('versionchange', () => {
      database.close();
      tell('store-closed');
    });
  });
  return request;
};

// Scripts of their own, by the name that the app calls them. Reminders are the service worker's too, which
// can load no module.
const asides = {
  words: () => ({ keep: ([lines]) => ((localStorage.wording = lines), []) }),
  copy: () => import('{{asset:copy.js}}'),
  plan: () => import('{{asset:plan.js}}'),
  remind: async () => (await import('{{asset:remind.js}}')) && globalThis.reminders,
};

// How far the visit has come, for `hide`.
const push = history.pushState;
history.pushState = function (_, ...where) {
  push.call(history, { steps: (history.state?.steps ?? 0) + 1 }, ...where);
};

// --- Events -----------------------------------------------------------------------------------
addEventListener('online', () => tell('online'));
addEventListener('pagehide', () => tell('hidden'));
// A page out of the browser's memory is of whoever was here then, or was hidden.
addEventListener('pageshow', (event) => event.persisted && location.reload());
addEventListener('focusout', () => setTimeout(reloadWhenQuiet));
document.addEventListener('visibilitychange', () => {
  if (!chorus.visible()) return tell('hidden');
  tell('visible');
  checkForUpdate();
  lookForReminders();
});
channel?.addEventListener('message', ({ data }) => tell(data));
addEventListener('beforeinstallprompt', (event) => {
  event.preventDefault();
  installPrompt = event;
});

// --- The service worker -----------------------------------------------------------------------
let registration;
let controlled = Boolean(navigator.serviceWorker?.controller);

async function registerServiceWorker() {
  if (!navigator.serviceWorker) return;
  navigator.serviceWorker.addEventListener('controllerchange', () => {
    // The first worker to take this page over is of the version that the page already runs.
    reloadDue ||= controlled;
    controlled = true;
    reloadWhenQuiet();
  });
  registration = await navigator.serviceWorker.register('/sw.js');
  offer(registration.waiting);
  registration.addEventListener('updatefound', () => {
    const worker = registration.installing;
    worker.addEventListener('statechange', () => worker.state === 'installed' && offer(registration.waiting));
  });
  lookForReminders();
}

function offer(worker) {
  if (!worker || !registration.active) return;
  waiting = worker;
  tell('update');
}

function checkForUpdate() {
  registration?.update().catch(() => {}); // No signal: the next time will do.
}

function lookForReminders() {
  registration?.active?.postMessage('look');
}

function reloadWhenQuiet() {
  const typing = document.activeElement?.matches('input, textarea, select');
  if (reloadDue && !unsaved && !typing) location.reload();
}

// --- Words for instants, from the browser's own calendar --------------------------------------
function sayTime(at) {
  const when = new Date(at);
  const say = (options) => new Intl.DateTimeFormat(document.documentElement.lang === 'en' ? 'en-GB' : undefined, options).format(when);
  const time = say({ hour: 'numeric', minute: '2-digit', hour12: true }).replace(/\s/g, '').replace(':', '.').replace('.00', '');
  const days = daysTo(at);
  if (days === 0) return time;
  if (Math.abs(days) < 7) return `${say({ weekday: 'long' })} ${time}`;
  const year = when.getFullYear() === new Date().getFullYear() ? undefined : 'numeric';
  return `${say({ day: 'numeric', month: 'long', year })}, ${time}`;
}

// How many days an instant is from today, by this phone's calendar: 1 is tomorrow.
function daysTo(at) {
  return Math.round((new Date(at).setHours(0, 0, 0, 0) - new Date().setHours(0, 0, 0, 0)) / 864e5);
}

function wasChanged(field) {
  if (field.matches('select')) return [...field.options].some((it) => it.selected !== it.defaultSelected);
  return field.value !== field.defaultValue || field.checked !== field.defaultChecked;
}

async function text(address) {
  const answer = await fetch(address);
  if (!answer.ok) throw answer.status;
  return answer.text();
}

// The words of the screens that are not Today: whatever sends for those screens waits for these too.
let moreWords;
chorus.moreWords = () => moreWords;
chorus.fetchMoreWords = async () => {
  moreWords ??= await text('{{asset:more.txt}}');
};

// --- Start ------------------------------------------------------------------------------------
// The wasm and the words are asked for at once, beside the glue. A load that is cut is tried again: until
// then the page from the server works as it is, with plain forms.
async function start(delayMs = 2000) {
  try {
    const wasm = fetch('{{asset:frontend.wasm}}');
    const words = text('{{asset:en.txt}}');
    wasm.catch(() => {});
    words.catch(() => {});
    // All screens but Today are a part of their own, which the wasm asks for: here it is on its way by then.
    if (location.pathname !== '/') {
      fetch('{{asset:screens.wasm}}').then((part) => part.blob()).catch(() => {});
      chorus.fetchMoreWords().catch(() => {});
    }
    const { default: run } = await import('{{asset:frontend.js}}');
    globalThis.chorusWords = await words;
    await run({ module_or_path: wasm });
  } catch (reason) {
    console.error(reason);
    await chorus.pause(delayMs);
    return start(Math.min(delayMs * 2, 60_000));
  }
}

// A broken version must still find the next one, so the service worker does not wait for ever.
await Promise.race([start(), chorus.pause(10_000)]);
await registerServiceWorker();
