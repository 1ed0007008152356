// What My plan needs of the browser: the lines of it that Help now shows without a PIN, and paper. Loaded only
// there. It holds no words; see app/src/ui/pages/my_plan, which calls it.
//
// One row of the store's `meta` stays outside a PIN's seal (docs/decisions/014): `shown/<owner>`, the lines that
// its owner picked, each with the number to ring or nothing. Whatever erases a person's rows erases it too.

const ROWS = 'shown/';

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

// Works on `meta` in one transaction, told whose phone it is.
async function inMeta(mode, work) {
  const database = await open();
  if (!database) return [];
  try {
    const transaction = database.transaction('meta', mode);
    const ended = new Promise((resolve, reject) => {
      transaction.oncomplete = resolve;
      transaction.onabort = () => reject(transaction.error);
    });
    const meta = transaction.objectStore('meta');
    const sync = await answer(meta.get('sync'));
    const done = await work(meta, (sync && JSON.parse(sync).owner?.member) ?? 'local');
    await ended;
    return done;
  } finally {
    database.close();
  }
}

// The lines of whose phone it is now, and of nobody else.
export const shown = () =>
  inMeta('readonly', async (meta, owner) => JSON.parse((await answer(meta.get(ROWS + owner))) ?? '[]'));

// Shows these lines of `owner`, if the phone is still theirs, and no line of anybody else's.
let turn = Promise.resolve();
export function show([owner, ...lines]) {
  const text = JSON.stringify(lines);
  const is = async (meta, now) => {
    const keys = await answer(meta.getAllKeys(IDBKeyRange.bound(ROWS, `${ROWS}\uffff`)));
    const others = keys.filter((key) => key !== ROWS + now);
    return { others, same: now !== owner || ((await answer(meta.get(ROWS + now))) ?? '[]') === text };
  };
  const work = async () => {
    // Most changes are of something else: those write nothing.
    const before = await inMeta('readonly', is);
    if (before.same && !before.others?.length) return [];
    return inMeta('readwrite', async (meta, now) => {
      const { others, same } = await is(meta, now);
      for (const key of others) meta.delete(key);
      if (!same && lines.length) meta.put(text, ROWS + now);
      else if (!same) meta.delete(ROWS + now);
      return ['wrote'];
    });
  };
  // One after the other: what was said last stands.
  turn = turn.then(work, work);
  return turn;
}

// --- Paper ------------------------------------------------------------------------------------------
const PAPER = `@media print {
  @page { size: A4; margin: 18mm; }
  :root { --paper: #fff; --card: #fff; --ink: #000; --soft: #000; --line: #000; --teal: #000; color-scheme: light; }
  body { font-size: 16pt; }
  header, .tabs, .notices, .skip, .aside, .blank, .plan a, .plan button, .plan .outline, .plan .icon { display: none !important; }
  .app { display: block; min-height: 0; }
  main { max-width: none; padding: 0; }
  .plan .card { border: 0; border-radius: 0; padding: 0 0 12pt; }
  .plan h2, .plan h3 { break-after: avoid; }
  .plan h2 { border-bottom: 1pt solid #000; padding-bottom: 2pt; }
  .plan li, .plan p { break-inside: avoid; orphans: 3; widows: 3; }
}`;

const paper = new CSSStyleSheet();
paper.replaceSync(PAPER);
document.adoptedStyleSheets = [...document.adoptedStyleSheets, paper];

export function print() {
  // Once the press has been drawn.
  setTimeout(() => globalThis.print());
  return [];
}
