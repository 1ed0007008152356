// The service worker: keeps one generation of the app, whole or not at all, so that it opens with no
// signal. It never answers for anything but pages of the member app and this generation's own files,
// never answers a POST, and never keeps a page that the server rendered. It also looks whether a reminder
// is due (remind.js), from what the phone holds alone.

importScripts('{{asset:remind.js}}');

const CACHE = 'chorus-{{build}}';
const ADDRESSES = {{precache}};
const SHELL = '/shell';
const PLAIN = '/notes';
const NETWORK_LIMIT_MS = 2500;
const NEWS_WITHIN_MS = 10_000;
const MEMBER_PAGES =
  /^\/(?:(?:check-ins?|my-sign-ups|my-plan|help-now|notice|install)?\/?$|(?:take-part|our-words|your-experience|peer|what-changed|join|my-phone)(?:\/|$))/;

addEventListener('install', (event) => event.waitUntil(keepGeneration()));

addEventListener('activate', (event) =>
  event.waitUntil(deleteOlderGenerations().then(() => clients.claim())));

addEventListener('message', (event) => {
  if (event.data === 'use-update') skipWaiting();
  // The app has just opened, and may hear first that something was called off.
  if (event.data === 'look') event.waitUntil(pause(NEWS_WITHIN_MS).then(() => reminders.look()));
});

addEventListener('periodicsync', (event) => event.waitUntil(reminders.look()));

addEventListener('notificationclick', (event) => {
  event.notification.close();
  event.waitUntil(openToday());
});

addEventListener('fetch', (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== 'GET' || origin !== location.origin) return;
  if (request.mode === 'navigate') {
    if (MEMBER_PAGES.test(pathname)) event.respondWith(answerPage(request));
    // At once, with and without signal.
    else if (pathname === PLAIN) event.respondWith(kept(PLAIN).then((answer) => answer || fetch(request)));
  } else if (pathname !== SHELL && ADDRESSES.includes(pathname)) {
    event.respondWith(kept(pathname).then((answer) => answer || fetch(request)));
  }
});

async function keepGeneration() {
  const cache = await caches.open(CACHE);
  try {
    await Promise.all(ADDRESSES.map((address) => keep(cache, address)));
  } catch (reason) {
    await caches.delete(CACHE);
    throw reason;
  }
}

async function keep(cache, address) {
  // Hashed files never change, so the copy that the page has just loaded will do.
  const immutable = address.startsWith('/assets/');
  const answer = await fetch(address, { cache: immutable ? 'default' : 'no-cache', credentials: 'omit' });
  if (!answer.ok) throw new Error(`${address}: ${answer.status}`);
  // A server that changed in between would hand out a shell that names files of another generation.
  if (address === SHELL && !(await answer.clone().text()).includes('{{asset:boot.js}}')) {
    throw new Error('the shell is of another generation');
  }
  await cache.put(address, answer);
}

async function deleteOlderGenerations() {
  const names = await caches.keys();
  await Promise.all(names.filter((name) => name.startsWith('chorus-') && name !== CACHE).map((name) => caches.delete(name)));
}

async function kept(address) {
  return (await caches.open(CACHE)).match(address, { ignoreVary: true });
}

// The server's page if it comes whole and in time, else the kept shell.
async function answerPage(request) {
  const page = fetch(request).then(whole);
  const answer = await Promise.race([page, pause(NETWORK_LIMIT_MS)]).catch(() => undefined);
  if (answer && answer.status < 500) return answer;
  return (await kept(SHELL).catch(() => undefined)) || page;
}

// A body that stops half way must not leave half a page, so it is read before it is handed on.
async function whole(answer) {
  if (answer.type === 'opaqueredirect') return answer;
  const { status, statusText, headers } = answer;
  return new Response(await answer.blob(), { status, statusText, headers });
}

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

async function openToday() {
  const windows = await clients.matchAll({ type: 'window' });
  const today = windows.find(({ url }) => new URL(url).pathname === '/');
  return today ? today.focus() : clients.openWindow('/');
}
