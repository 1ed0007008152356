// What a copy needs of the browser: times in full, saving a file, and reading one; and sharing the address of a page.
// Loaded only where a copy is made or brought back, or a page may be shared. It holds no words; see app/src/ui/pages/copy, which calls it.

// scrypt with 2^17 rounds: OWASP's least, in 128 MiB, which the phones that people have can spare.
const WORK = 17;
const AGE = 'age-encryption.org/v1\n';
// What a file may ask for to be opened: twice what ours do. The next would be half a gigabyte.
const MOST_WORK = 18;
const HEAD_BYTES = 200;
// A thousand long check-ins are five of these; a phone reads no film into its memory.
const MOST_BYTES = 20_000_000;
const KEEP_MS = 60_000;

const age = () => import('{{asset:age.js}}');
const twice = (number) => String(number).padStart(2, '0');

// Instants with their day, year and zone, for a file that is read much later. What is no time stays as it is.
export const say = (times) =>
  times.map((time) => {
    const at = new Date(time);
    if (Number.isNaN(at.getTime())) return time;
    const language = document.documentElement.lang === 'en' ? 'en-GB' : undefined;
    const inWords = (options) => new Intl.DateTimeFormat(language, options).format(at);
    const clock = inWords({ hour: 'numeric', minute: '2-digit', hour12: true });
    const day = inWords({ day: 'numeric', month: 'long', year: 'numeric' });
    const parts = new Intl.DateTimeFormat(language, { timeZoneName: 'short' }).formatToParts(at);
    const zone = parts.find(({ type }) => type === 'timeZoneName')?.value ?? '';
    return `${inWords({ weekday: 'long' })} ${day}, ${clock.replace(/\s/g, '').replace(':', '.').replace('.00', '')} ${zone}`;
  });

// Saves a file of this kind, sealed if there is a passphrase. Gives its name.
export async function save([kind, type, text, passphrase, what = 'copy']) {
  let content = text;
  let ending = kind;
  if (passphrase) {
    await chorus.pause(50); // The screen says first that it takes a moment.
    const { Encrypter } = await age();
    const sealing = new Encrypter();
    sealing.setPassphrase(passphrase);
    sealing.setScryptWorkFactor(WORK);
    content = await sealing.encrypt(text);
    ending += '.age';
  }
  const today = new Date();
  const day = [today.getFullYear(), twice(today.getMonth() + 1), twice(today.getDate())].join('-');
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([content], { type: passphrase ? 'application/octet-stream' : type }));
  link.download = `chorus-${what}-${day}.${ending}`;
  link.click();
  // Browsers read it a moment later.
  setTimeout(() => URL.revokeObjectURL(link.href), KEEP_MS);
  return [link.download];
}

// The file that was picked in the field `name`: what it is, and its text if it can be read.
export async function read([name, passphrase]) {
  const file = document.getElementsByName(name)[0]?.files?.[0];
  if (!file) return ['none'];
  if (file.size > MOST_BYTES) return ['large'];
  const bytes = new Uint8Array(await file.arrayBuffer());
  if (new TextDecoder().decode(bytes.slice(0, AGE.length)) !== AGE) return text(bytes);
  const [, work] = /^-> scrypt \S+ (\d+)$/m.exec(new TextDecoder().decode(bytes.slice(0, HEAD_BYTES))) ?? [];
  if (!(work <= MOST_WORK)) return ['other'];
  if (!passphrase) return ['sealed'];
  await chorus.pause(50);
  const { Decrypter } = await age();
  const opening = new Decrypter();
  opening.addPassphrase(passphrase);
  try {
    return text(await opening.decrypt(bytes));
  } catch (reason) {
    // What is broken says something else.
    return [String(reason).includes('no identity matched') ? 'wrong' : 'other'];
  }
}

function text(bytes) {
  try {
    return ['text', new TextDecoder('utf-8', { fatal: true }).decode(bytes)];
  } catch {
    return ['other'];
  }
}

// How an address goes on from here: by the phone's own sheet, or by the clipboard.
export const sharing = () => [navigator.share ? 'sheet' : 'copy'];

// Shares the address of a page of ours. Gives 'shared', 'not' where the person thought better of it, 'copied', or the
// address itself where neither could be had.
export async function share([title, path]) {
  const url = new URL(path, location.origin).href;
  if (navigator.share) {
    try {
      await navigator.share({ title, url });
      return ['shared'];
    } catch (reason) {
      if (reason.name === 'AbortError') return ['not'];
    }
  }
  try {
    await navigator.clipboard.writeText(url);
    return ['copied'];
  } catch {
    return [url];
  }
}
