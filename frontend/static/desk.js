// Keeps the desk's lists fresh: when something arrives, the live parts of the page are asked for
// again. Everything works without this file. It never changes the page while someone types or
// chooses, and it says what happened to those who cannot see it.

const live = () => [...document.querySelectorAll("[data-live]")];
const said = document.getElementById("said");

let events = null;
let fetching = false;
let again = false;

const isBusy = () => {
  if (document.querySelector("[data-live] input:checked") !== null) return true;
  const at = document.activeElement;
  return at !== null && at.matches("input:not([type=hidden]), select, textarea");
};

// Puts the focus back on the same link after its row was drawn again.
const replace = (old, fresh) => {
  const at = document.activeElement;
  const href = old.contains(at) ? at.getAttribute("href") : null;
  old.replaceWith(fresh);
  if (href !== null) fresh.querySelector(`a[href="${CSS.escape(href)}"]`)?.focus();
};

// The same words twice are said twice only if they went away between.
const say = () => {
  if (said === null) return;
  said.textContent = "";
  setTimeout(() => (said.textContent = said.dataset.words), 100);
};

const swap = (page) => {
  let changed = false;
  for (const old of live()) {
    const fresh = page.getElementById(old.id);
    if (fresh === null || fresh.isEqualNode(old)) continue;
    replace(old, fresh);
    changed = true;
  }
  if (changed) say();
};

const refresh = async () => {
  if (fetching || isBusy()) {
    again = true;
    return;
  }
  fetching = true;
  again = false;
  try {
    // Where each opening is written down, this is the same one.
    const headers = { "x-looks-again": "1" };
    const answer = await fetch(location.href, { cache: "no-store", redirect: "error", headers });
    if (answer.ok) {
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      if (isBusy()) again = true;
      else swap(page);
    }
  } catch {
    // No signal, or signed out: the next opening of the stream asks again.
  }
  fetching = false;
  if (again && !isBusy()) refresh();
};

const listen = () => {
  if (events !== null || document.hidden) return;
  events = new EventSource("/staff/events");
  // Also after a break: something may have come meanwhile.
  events.addEventListener("open", refresh);
  events.addEventListener("arrived", refresh);
};

const rest = () => {
  events?.close();
  events = null;
};

for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => print());
}

for (const button of document.querySelectorAll("[data-fullscreen]")) {
  button.hidden = !document.fullscreenEnabled;
  button.addEventListener("click", () => document.documentElement.requestFullscreen());
}

if (live().length > 0) {
  listen();
  document.addEventListener("visibilitychange", () => (document.hidden ? rest() : listen()));
  document.addEventListener("focusout", () => setTimeout(() => again && refresh()));
  window.addEventListener("pagehide", rest);
  window.addEventListener("pageshow", listen);
}

// Keeps what is being written for later: every few seconds, and when the page is left. Without this file a
// press does it. What was kept is told by the form's own words.
const writing = document.querySelector("form[data-autosave]");

if (writing !== null) {
  const KEEP_EVERY_MS = 4_000;
  const told = document.getElementById("kept");
  const typed = () => new URLSearchParams(new FormData(writing)).toString();
  // Of the fields alone: the version changes with each keeping.
  const fields = () => typed().replace(/(^|&)version=[^&]*/, "");
  let kept = fields();
  let sending = false;
  let held = false;

  const tell = (what) => {
    const words = told.dataset[what];
    if (told.textContent !== words) told.textContent = words;
  };

  const keep = async () => {
    const now = fields();
    if (sending || held || now === kept) return;
    sending = true;
    try {
      const body = new URLSearchParams(new FormData(writing));
      const answer = await fetch(writing.dataset.autosave, { method: "POST", body, redirect: "error" });
      if (answer.ok) {
        writing.elements.version.value = (await answer.json()).version;
        kept = now;
        tell("kept");
      } else if (answer.status === 409) {
        held = true;
        tell("changed");
      } else {
        tell("not");
      }
    } catch {
      tell("not");
    }
    sending = false;
  };

  // A page that goes away cannot wait for an answer; the server knows its own page again by the editor.
  const keepLast = () => {
    if (held || fields() === kept) return;
    const body = new URLSearchParams(new FormData(writing));
    if (navigator.sendBeacon(writing.dataset.autosave, body)) kept = fields();
  };

  let leaving = false;
  writing.addEventListener("submit", () => (leaving = true));
  setInterval(keep, KEEP_EVERY_MS);
  document.addEventListener("visibilitychange", () => document.hidden && !leaving && keepLast());
  window.addEventListener("pagehide", () => !leaving && keepLast());
  window.addEventListener("pageshow", () => (leaving = false));
}
