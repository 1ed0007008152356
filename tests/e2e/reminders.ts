/** Reminders, as the service worker looks for them: with a day and an hour of the journey's choosing. */
import { expect, type Page, type Worker } from "@playwright/test";
import type { Member } from "./member";
import type { Phone } from "./phone";
import { dump } from "./store";

interface Reminders {
  look: (now: Date) => Promise<void>;
  due: (days: string[], said: string[], now: Date) => string | undefined;
}
/** What is there in the service worker; `due` also in a page that has asked for reminders. */
interface Scope {
  reminders: Reminders;
  registration: ServiceWorkerRegistration;
}

/** When something is looked for: so many days before the day, at an hour of the phone's own clock. */
export interface When {
  before?: number;
  hour?: number;
}

/** Lets the phone's browser show things, as a person does on its first question. */
export async function mayNotify(phone: Phone): Promise<void> {
  await phone.context.grantPermissions(["notifications"]);
}

/** Turns reminders on, on My phone. */
export async function turnOn(phone: Phone): Promise<void> {
  await phone.go("/my-phone");
  await phone.worksOffline();
  await phone.button("Remind me the day before").click();
  await expect(phone.page.getByText("Reminders are on for this phone.")).toBeVisible();
}

/** The day of a member's first session, by the phone's calendar: 2026-12-01. */
export async function dayOf(member: Member, opportunity: string): Promise<string> {
  const found = (await member.records("opportunity")).find(({ body }) => body.title === opportunity);
  const sessions = (await member.records("session")).filter(({ body }) => body.opportunity === found?.id);
  return localDay(String(sessions[0]?.body.starts_at));
}

function localDay(at: string): string {
  return new Intl.DateTimeFormat("en-CA", { timeZone: "Europe/London" }).format(new Date(at));
}

/** An instant before that day, as the phone's clock shows it. */
export function before(day: string, { before: days = 1, hour = 10 }: When = {}): Date {
  const [year = 0, month = 0, date = 0] = day.split("-").map(Number);
  return new Date(Date.UTC(year, month - 1, date - days, hour));
}

/** The service worker that runs. */
export async function worker(phone: Phone): Promise<Worker> {
  return phone.context.serviceWorkers()[0] ?? (await phone.context.waitForEvent("serviceworker"));
}

/** Has the service worker look as if it were that time. What is shown then. */
export async function look(phone: Phone, day: string, when: When = {}): Promise<string[]> {
  const at = before(day, when);
  const fields: number[] = [at.getUTCFullYear(), at.getUTCMonth(), at.getUTCDate(), at.getUTCHours()];
  return (await worker(phone)).evaluate(async ([year = 0, month = 0, date = 0, hour = 0]) => {
    const { reminders, registration } = globalThis as unknown as Scope;
    await reminders.look(new Date(year, month, date, hour));
    return (await registration.getNotifications()).map(({ title, body }) => `${title}: ${body}`);
  }, fields);
}

/** Puts what is shown away, as a person does. */
export async function putAway(phone: Phone): Promise<void> {
  await (await worker(phone)).evaluate(async () => {
    const { registration } = globalThis as unknown as Scope;
    for (const shown of await registration.getNotifications()) shown.close();
  });
}

/** From now on it is always this time for the service worker, for as long as it runs. */
export async function setClock(phone: Phone, at: Date): Promise<void> {
  const fields = [at.getUTCFullYear(), at.getUTCMonth(), at.getUTCDate(), at.getUTCHours()];
  await (await worker(phone)).evaluate(([year = 0, month = 0, date = 0, hour = 0]) => {
    const Real = Date;
    globalThis.Date = class extends Real {
      constructor(...given: [] | [number, number, number, number?]) {
        if (given.length) super(...(given as [number, number, number]));
        else super(year, month, date, hour);
      }
    } as DateConstructor;
  }, fields);
}

/** Waits until every look that a page has asked for has been: they wait as long, and timers keep their order. */
export async function looksAreOver(phone: Phone): Promise<void> {
  await (await worker(phone)).evaluate(() => new Promise((done) => setTimeout(done, 10_000)));
}

/** The days of which something is shown now. */
export async function shownFor(phone: Phone): Promise<string[]> {
  return (await worker(phone)).evaluate(async () => {
    const { registration } = globalThis as unknown as Scope;
    return (await registration.getNotifications()).map(({ tag }) => tag);
  });
}

/** What a reminder for that day says. */
export function reminderFor(day: string): string {
  const weekday = new Intl.DateTimeFormat("en-GB", { weekday: "long", timeZone: "UTC" }).format(before(day, { before: 0 }));
  return `Chorus: Something is on tomorrow, ${weekday}. Open Chorus to see.`;
}

/** The rows that the service worker may read, by their first word. */
export async function reminderRows(page: Page): Promise<Record<string, string>> {
  const rows = (await dump(page)).filter(({ store, key }) => store === "meta" && /^remind(ed)?\//.test(key));
  return Object.fromEntries(rows.map(({ key, text }) => [key.split("/")[0] ?? "", JSON.parse(text) as string]));
}

/** Waits until the phone would remind of these days and no other. */
export async function expectDays(phone: Phone, days: string[]): Promise<void> {
  const listed = async () => {
    const { remind } = await reminderRows(phone.page);
    return remind && (JSON.parse(remind) as { days: string[] }).days;
  };
  await expect.poll(listed).toEqual(days);
}

/** Whether a day is due at a time of the page's own clock and zone. */
export function isDue(page: Page, day: string, [year, month, date, hour]: [number, number, number, number], said: string[] = []): Promise<boolean> {
  return page.evaluate(
    ([days, told, fields]) => {
      const [y = 0, m = 0, d = 0, h = 0] = fields;
      const { reminders } = globalThis as unknown as Scope;
      return reminders.due(days, told, new Date(y, m - 1, d, h)) !== undefined;
    },
    [[day], said, [year, month, date, hour]] as const,
  );
}
