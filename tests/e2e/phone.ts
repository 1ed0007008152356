/**
 * A member's phone: a browser with a profile of its own on disk, so that it can be killed and opened
 * again, and everything a person does on it, found by the names that a person (or a screen reader)
 * finds it by.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type BrowserContext, type BrowserType, expect, type Locator, type Page } from "@playwright/test";
import { killBrowser } from "./chromium";
import type { Member } from "./member";
import type { Proxy } from "./proxy";
import { DEMO } from "./server";
import { readIn } from "./store";

/** What a check-in may say. */
export interface CheckIn {
  feeling?: string;
  note: string;
}

/** A check-in for the team. */
export interface SharedCheckIn extends CheckIn {
  wants?: string;
}

/** What a sign-up may say. */
export interface Answers {
  needs?: string;
  /** Whoever runs it may be told of the needs. */
  showNeeds?: true;
  note?: string;
}

const QUESTIONS_AT_MOST = 8;
/** A request that is never answered is given up after 30 s, and then tried again. */
const SENT_WITHIN_MS = 50_000;

/** The app in one tab. */
export class Tab {
  constructor(private readonly shown?: Page) {}

  get page(): Page {
    if (!this.shown) throw new Error("no page is open");
    return this.shown;
  }

  /** Opens an address and waits until the app runs in it. */
  async go(path: string): Promise<void> {
    await this.page.goto(path, { waitUntil: "commit" });
    await this.ready();
  }

  /** Waits until the app has opened: until then a page is only what the server drew. */
  async ready(): Promise<void> {
    await this.page.locator("body[data-open]").waitFor();
  }

  /** Waits until the service worker has all that the app needs with no signal. */
  async worksOffline(): Promise<void> {
    await this.page.waitForFunction(() => navigator.serviceWorker.controller, undefined, { timeout: 10_000 });
  }

  /** Joins with a code, and opens Today. */
  async join(name: string, code: string = DEMO.teamCode): Promise<void> {
    await this.go("/join");
    await this.page.getByLabel("Your join code").fill(code);
    await this.page.getByLabel("What should we call you?").fill(name);
    await this.button("Join").click();
    await expect(this.heading(`You have joined, ${name}.`)).toBeVisible();
    await this.link("Back to Today").click();
    await expect(this.heading(`Hello, ${name}.`)).toBeVisible();
  }

  /** Joins on a phone that was somebody else's until now: every page of theirs begins anew. */
  async joinInPlaceOfSomeone(name: string): Promise<void> {
    await this.go("/join");
    await this.page.getByLabel("Your join code").fill(DEMO.teamCode);
    await this.page.getByLabel("What should we call you?").fill(name);
    await this.button("Join").click();
    await expect(this.heading(`Hello, ${name}.`)).toBeVisible();
  }

  /** Joins before the app has come, or without it. */
  async joinByPlainForm(name: string): Promise<void> {
    await this.page.goto("/join", { waitUntil: "commit" });
    await this.page.getByLabel("Your join code").fill(DEMO.teamCode);
    await this.page.getByLabel("What should we call you?").fill(name);
    await this.button("Join").click();
    await this.page.waitForURL("/");
  }

  /** Writes a check-in, and leaves it open. */
  async write({ feeling, note }: CheckIn): Promise<void> {
    await this.go("/check-in");
    if (feeling) await this.choose(feeling);
    await this.note.fill(note);
  }

  /** Keeps a check-in on the phone. */
  async keep(checkIn: CheckIn): Promise<void> {
    await this.write(checkIn);
    await this.button("Keep on this phone").click();
    await expect(this.heading(/^Thank you/)).toBeVisible();
    await expect(this.page.getByText("Only you can see this.")).toBeVisible();
  }

  /** Writes a check-in for the team, and leaves it at the button that sends it. */
  async writeToTeam({ wants, ...checkIn }: SharedCheckIn): Promise<void> {
    await this.write(checkIn);
    await this.choose(DEMO.team);
    if (wants) {
      await this.choose(wants);
      await this.choose("Text me");
      await this.page.getByLabel("Your number, email, or your worker's name").fill("07700 900123");
    }
    await this.page.getByRole("checkbox", { name: "can see this check-in" }).check();
  }

  /** Sends a check-in to the team, as far as the phone can. */
  async share(checkIn: SharedCheckIn): Promise<void> {
    await this.writeToTeam(checkIn);
    await this.button(`Send to ${DEMO.team}`).click();
    await expect(this.heading(/^Thank you/)).toBeVisible();
  }

  /** Finds an opportunity and opens its questions. */
  async startSignUp(opportunity: string): Promise<void> {
    await this.go("/take-part");
    await this.link(opportunity).click();
    await this.link("I'd like to take part").first().click();
    await expect(this.heading("I'd like to take part")).toBeVisible();
  }

  /** Asks for a place, one question after the other. */
  async signUp(opportunity: string, { needs, showNeeds, note }: Answers = {}): Promise<void> {
    await this.startSignUp(opportunity);
    const easier = this.page.getByRole("textbox", { name: "What would make this easier for you?" });
    await this.nextUntil(easier);
    if (needs) await easier.fill(needs);
    if (showNeeds) await this.page.getByRole("checkbox", { name: "You can show this to the people who run it" }).check();
    const anythingElse = this.page.getByRole("textbox", { name: "Anything else?" });
    await this.nextUntil(anythingElse);
    if (note) await anythingElse.fill(note);
    await this.nextUntil(this.button("Ask for a place"));
    await this.button("Ask for a place").click();
    await expect(this.heading("Thank you for asking.")).toBeVisible();
  }

  /** Goes from question to question until the one with `wanted` is there. */
  async nextUntil(wanted: Locator): Promise<void> {
    const next = this.button("Next");
    await expect(next.or(wanted).first()).toBeVisible();
    for (let question = 0; question < QUESTIONS_AT_MOST && !(await wanted.isVisible()); question += 1) {
      const at = new URL(this.page.url()).hash;
      await next.click();
      await this.page.waitForURL((url) => url.hash !== at);
    }
    await expect(wanted).toBeVisible();
  }

  /** Opens My phone and waits until everything that was to be sent was sent. */
  async expectNothingWaiting(): Promise<void> {
    await this.go("/my-phone");
    await expect(this.page.getByText("Nothing is waiting to be sent.")).toBeVisible({ timeout: SENT_WITHIN_MS });
  }

  /** Waits until a sync that began after now has ended well. */
  async expectSynced(network: Proxy): Promise<void> {
    const before = network.answeredSyncs;
    await this.go("/");
    await expect.poll(() => network.answeredSyncs, { timeout: SENT_WITHIN_MS }).toBeGreaterThan(before);
  }

  /** On My phone: takes the first thing that waits back. */
  async dontSendFirst(): Promise<void> {
    const waiting = this.button("Don't send");
    await expect(waiting.first()).toBeVisible();
    const before = await waiting.count();
    await waiting.first().click();
    await expect(waiting).toHaveCount(before - 1);
  }

  /** Shows a code for another phone on My phones, and reads its digits. */
  async showCode(): Promise<string> {
    await this.go("/my-phone/phones");
    await this.button("Show me a code").click();
    const digits = this.page.getByText(/^\d{4} \d{4} \d{4}$/);
    await expect(digits).toBeVisible();
    return ((await digits.textContent()) ?? "").replaceAll(" ", "");
  }

  /** On "Leave on this phone": leaves so. Nothing of the person outlives the page. */
  async leave(how: string | RegExp, sure = "Yes, leave"): Promise<void> {
    await this.page.getByRole("button", { name: how }).click();
    const anew = this.page.waitForEvent("domcontentloaded");
    await this.button(sure).click();
    await anew;
    await this.ready();
    await expect(this.page.getByText("Nobody has joined on this phone now.")).toBeVisible();
  }

  /** Leaves, and deletes what is not sent too, if something is not. */
  async deleteEverything(): Promise<void> {
    await this.go("/my-phone/leave");
    await this.leave(/^(Leave on this phone|Delete them too)$/);
  }

  get note(): Locator {
    return this.page.getByLabel("Add anything you like, or leave it");
  }

  /** Picks one of a group of choices. */
  async choose(name: string | RegExp): Promise<void> {
    await this.page.getByRole("radio", { name, exact: true }).check();
  }

  /** The heading of the screen. */
  heading(name: string | RegExp): Locator {
    return this.page.getByRole("heading", { level: 1, name });
  }

  button(name: string | RegExp): Locator {
    return this.page.getByRole("button", { name });
  }

  link(name: string | RegExp): Locator {
    return this.page.getByRole("link", { name });
  }
}

/** The phone itself: its browser, its profile, and the tab in front. */
export class Phone extends Tab {
  private readonly profile = mkdtempSync(join(tmpdir(), "chorus-phone-"));
  private readonly scripts: (() => void)[] = [];
  private opened: { context: BrowserContext; page: Page } | undefined;

  constructor(
    private readonly chromium: BrowserType,
    private readonly address: string,
  ) {
    super();
  }

  get context(): BrowserContext {
    if (!this.opened) throw new Error("the phone is off");
    return this.opened.context;
  }

  override get page(): Page {
    if (!this.opened) throw new Error("the phone is off");
    return this.opened.page;
  }

  /** Runs `script` before anything of the app, on every page from the next start on. */
  before(script: () => void): void {
    this.scripts.push(script);
  }

  /** Starts the browser, with an empty page. */
  async start(options: { offline?: boolean } = {}): Promise<void> {
    const context = await this.chromium.launchPersistentContext(this.profile, { baseURL: this.address });
    for (const script of this.scripts) await context.addInitScript(script);
    if (options.offline) await context.setOffline(true);
    this.opened = { context, page: context.pages()[0] ?? (await context.newPage()) };
  }

  /** Ends the browser's process as a full memory does. */
  async kill(): Promise<void> {
    const gone = this.context.waitForEvent("close");
    killBrowser(this.profile);
    await gone;
    this.opened = undefined;
  }

  /** Kills the browser, starts it again and opens `path`. */
  async killAndReopen(path = "/", options: { offline?: boolean } = {}): Promise<void> {
    await this.kill();
    await this.start(options);
    await this.go(path);
  }

  /** Opens another tab. */
  async openTab(path: string): Promise<Tab> {
    const tab = new Tab(await this.context.newPage());
    await tab.go(path);
    return tab;
  }

  /** Waits until what is typed stands in the store of drafts. */
  async expectDraft(text: string): Promise<void> {
    await expect.poll(async () => (await this.stores()).drafts).toContain(text);
  }

  /** From now on the browser has the session of somebody else: they joined in it by a plain form. */
  async hasCookieOf(member: Member): Promise<void> {
    const [name = "", value = ""] = member.cookie.split("=");
    await this.context.addCookies([{ name, value, url: this.address }]);
  }

  /** Kills the browser and opens `path` in one with no room for anything new, until the returned function is called. */
  async killAndReopenFull(path: string): Promise<() => Promise<void>> {
    await this.kill();
    await this.start();
    // Before anything is written: a running browser remembers for a while how much room there was.
    const devtools = await this.context.newCDPSession(this.page);
    const origin = this.address;
    await devtools.send("Storage.overrideQuotaForOrigin", { origin, quotaSize: 1 });
    await this.go(path);
    return async () => {
      await devtools.send("Storage.overrideQuotaForOrigin", { origin });
    };
  }

  /** All that the phone holds, as text by store: what anyone could read who has it in their hands. */
  stores(): Promise<Record<string, string>> {
    return readIn(this.page, readStores);
  }

  /** Puts it away for good. */
  async remove(): Promise<void> {
    await this.opened?.context.close();
    rmSync(this.profile, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  }
}

/** Every key and every row of every store, as text by store. Runs in the page. */
async function readStores(): Promise<Record<string, string>> {
  const done = (asked: IDBRequest) => new Promise((resolve) => asked.addEventListener("success", resolve));
  const open = indexedDB.open("chorus");
  await done(open);
  const stores: Record<string, string> = {};
  for (const name of open.result.objectStoreNames) {
    const store = open.result.transaction(name).objectStore(name);
    const [keys, rows] = [store.getAllKeys(), store.getAll()];
    await done(rows);
    stores[name] = [...keys.result, ...rows.result].join("\n");
  }
  open.result.close();
  return stores;
}
