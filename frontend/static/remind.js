// Reminders the day before: the phone's own, which say that something is on, and never what. The service
// worker looks whether one is due; the page turns them on and off, and says for which days they are. Nothing is
// asked of any network, and there are no words here: the page writes them down with the days.
//
// Two rows of the store's `meta` stay outside a PIN's seal, for the worker has no key (docs/decisions/012):
// `remind/<owner>`, the days on which the owner has something on, and what to say; `reminded/<owner>`, the
// days that were said. Days and nothing more, so that they tell little to whoever reads them.

globalThis.reminders = (() => {
  const FROM_HOUR = 9;
  const TO_HOUR = 20;
  const EVERY_MS = 12 * 60 * 60 * 1000;
  const MOST_SAID = 50;
  const TASK = 'remind';

  // --- The rule -----------------------------------------------------------------------------------
  const twice = (number) => String(number).padStart(2, '0');
  // The day of an instant as this phone's own calendar has it.
  const day = (at) => [at.getFullYear(), twice(at.getMonth() + 1), twice(at.getDate())].join('-');
  // Not 24 hours later: some days have 23 or 25. Noon is on every one of them.
  const noonTomorrow = (now) => new Date(now.getFullYear(), now.getMonth(), now.getDate() + 1, 12);

  // The day that the person is to be reminded of now; none at night, and none that was said before.
  function due(days, said, now) {
    const tomorrow = day(noonTomorrow(now));
    const isDay = now.getHours() >= FROM_HOUR && now.getHours() < TO_HOUR;
    return isDay && days.includes(tomorrow) && !said.includes(tomorrow) ? tomorrow : undefined;
  }

  // --- The rows -----------------------------------------------------------------------------------
  const answer = (request) =>
    new Promise((resolve, reject) => {
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });

  // None where there is no store yet: made here, it would lack what the app puts into it.
  function open() {
    const request = indexedDB.open('chorus');
    request.onupgradeneeded = () => request.transaction.abort();
    return answer(request).catch(() => undefined);
  }

  // Works with whose phone it is and what stands about them, in one transaction.
  async function withRows(mode, work) {
    const database = await open();
    if (!database) return undefined;
    try {
      const transaction = database.transaction('meta', mode, { durability: 'strict' });
      const ended = new Promise((resolve, reject) => {
        transaction.oncomplete = resolve;
        transaction.onabort = () => reject(transaction.error);
      });
      const meta = transaction.objectStore('meta');
      const read = (key) => answer(meta.get(key)).then((row) => row && JSON.parse(row));
      const sync = await read('sync');
      const owner = sync?.owner?.member ?? 'local';
      const [plan, said] = [await read(`remind/${owner}`), await read(`reminded/${owner}`)];
      const put = (what, row) => meta.put(JSON.stringify(row), `${what}/${owner}`);
      const found = work({ owner, plan, said: said ?? [], put, forget: () => meta.delete(`remind/${owner}`) });
      await ended;
      return found;
    } finally {
      database.close();
    }
  }

  const here = async () => globalThis.registration ?? navigator.serviceWorker?.getRegistration();

  // What is shown goes once it is not true any more: given up, moved, somebody else's phone, or not tomorrow.
  async function tidy(days, now) {
    const tomorrow = day(noonTomorrow(now));
    const shown = (await (await here())?.getNotifications?.()) ?? [];
    for (const one of shown) if (one.tag !== tomorrow || !days.includes(tomorrow)) one.close();
  }

  // --- The service worker: looks --------------------------------------------------------------------
  async function look(now = new Date()) {
    if (globalThis.Notification?.permission !== 'granted') return;
    const plan = await withRows('readonly', (rows) => rows.plan);
    await tidy(plan?.days ?? [], now);
    if (!plan) return (await here()).periodicSync?.unregister(TASK);
    // Written down first: two looks at once, or one that is cut, must not say it twice.
    const claimed = await withRows('readwrite', ({ plan: still, said, put }) => {
      const found = still && due(still.days, said, now);
      if (found) put('reminded', [...said, found].slice(-MOST_SAID));
      return found && { ...still, day: found };
    });
    if (claimed) await say(claimed, noonTomorrow(now)).catch(() => takeBack(claimed.day));
  }

  function say({ day: tag, title, text, lang }, at) {
    // With its name: what is still there the next day must not call that tomorrow.
    const weekday = new Intl.DateTimeFormat(lang, { weekday: 'long' }).format(at);
    return registration.showNotification(title, { body: text.replace('{day}', weekday), tag, lang, icon: '{{asset:icons/icon-192.png}}' });
  }

  const takeBack = (day) => withRows('readwrite', ({ said, put }) => put('reminded', said.filter((one) => one !== day)));

  // --- The page: on, off, and for which days ----------------------------------------------------------
  // What this browser can do: nothing; nothing, as it was told; not asked yet; when Chorus opens; by itself.
  async function way() {
    if (!globalThis.Notification || !globalThis.ServiceWorkerRegistration?.prototype.showNotification) return 'none';
    if (Notification.permission === 'denied') return 'denied';
    if (Notification.permission !== 'granted') return 'ask';
    return (await looksByItself()) ? 'itself' : 'opens';
  }

  async function looksByItself() {
    const tags = await (await here())?.periodicSync?.getTags().catch(() => []);
    return Boolean(tags?.includes(TASK));
  }

  // Chromium allows it where Chorus is on the home screen, which may come later.
  async function lookByItself() {
    if (await looksByItself()) return;
    await (await here())?.periodicSync?.register(TASK, { minInterval: EVERY_MS }).catch(() => {});
  }

  const isTheirs = (owner) => (rows) => rows.owner === owner && Boolean(rows.plan);

  async function state([owner]) {
    const on = await withRows('readonly', isTheirs(owner)).catch(() => false);
    return [on ? 'on' : 'off', await way()];
  }

  // Asks only now, on a person's press. The days come with the next `follow`.
  async function on([owner]) {
    if ((await Notification.requestPermission()) !== 'granted') return [];
    await withRows('readwrite', (rows) => {
      if (rows.owner === owner && !rows.plan) rows.put('remind', { days: [] });
    });
    await lookByItself();
    return [];
  }

  async function off([owner]) {
    await withRows('readwrite', (rows) => rows.owner === owner && rows.forget());
    await tidy([], new Date());
    await (await here())?.periodicSync?.unregister(TASK).catch(() => {});
    return [];
  }

  // For which instants, now that something has changed.
  async function follow([owner, title, text, ...starts]) {
    const days = [...new Set(starts.map((at) => day(new Date(at))))].sort();
    const plan = { days, title, text, lang: document.documentElement.lang };
    const isOn = await withRows('readwrite', (rows) => {
      if (!isTheirs(owner)(rows)) return false;
      if (JSON.stringify(rows.plan) !== JSON.stringify(plan)) rows.put('remind', plan);
      return true;
    });
    if (isOn) await Promise.all([lookByItself(), tidy(days, new Date())]);
    return [];
  }

  return { due, look, state, on, off, follow };
})();
