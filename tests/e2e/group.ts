/** An involvement group, as the desk would make it, and what people do in it. */
import { expect } from "@playwright/test";
import { Member } from "./member";
import type { Phone, Tab } from "./phone";
import { DEMO, type Server } from "./server";

export const GROUP = {
  id: "0199a000-0000-7000-8000-000000000001",
  title: "Kinder letters",
  path: "/take-part/groups/0199a000-0000-7000-8000-000000000001",
  talk: "/take-part/groups/0199a000-0000-7000-8000-000000000001/talk",
};

const PAGE = {
  area: "wording",
  title: GROUP.title,
  does: "We read the letters that services send, and find words that do not frighten.\nYou can just listen.",
  who_for: "Anyone who has had a letter from us",
  meets: "Every other Tuesday, 2pm, at Harbour House and online",
  led_by: "Rosa and Femi",
  backup: null,
  came_of_it: "The letter about a first visit is half as long now.",
  agreement: {
    version: 1,
    text: "We listen. We do not talk over each other.\nWhat is said here stays here.\nYou can leave at any time.",
  },
  state: "open",
};

export interface Changes {
  group?: Partial<typeof PAGE>;
  leads?: string[];
  paused?: [string, string | null][];
  wrote?: [string, string][];
  opportunity?: string;
}

/** Makes the group, or changes it. */
export function putGroup(server: Server, { group, ...more }: Changes = {}): void {
  server.seed({ id: GROUP.id, group: { ...PAGE, ...group }, ...more });
}

/** Somebody who is in the group, with no screen. */
export async function somebodyIn(server: Server, name: string): Promise<Member> {
  const member = await Member.join(server, DEMO.teamlessCode, name);
  await inGroup(member, "join", { agreement: 1 });
  return member;
}

/** Does something in the group, with no screen. */
export async function inGroup(member: Member, act: string, body: object): Promise<void> {
  const outcome = await member.send(`group.${act}`, { group: GROUP.id, ...body });
  if (outcome.outcome !== "applied") throw new Error(`${act}: ${JSON.stringify(outcome)}`);
}

/** Reads the agreement on the group's page and joins. */
export async function joinGroup(tab: Tab): Promise<void> {
  await tab.go(GROUP.path);
  await tab.page.getByRole("checkbox", { name: "I've read this, and I agree" }).check();
  await tab.button("Join this group").click();
}

/** Joins, and opens what people write. */
export async function isIn(phone: Phone): Promise<void> {
  await joinGroup(phone);
  await expect(phone.page.getByText("You are in this group.")).toBeVisible({ timeout: 30_000 });
  await phone.go(GROUP.talk);
  await expect(phone.page.getByLabel("Write to the group")).toBeVisible();
}

/** Writes to the group, as far as the phone can. */
export async function writeTo(tab: Tab, words: string): Promise<void> {
  await tab.page.getByLabel("Write to the group").fill(words);
  await tab.button("Send to the group").click();
  await expect(message(tab, words)).toBeVisible();
  await expect(tab.page.getByLabel("Write to the group")).toHaveValue("");
}

/** A message, by its words. */
export function message(tab: Tab, words: string) {
  return tab.page.getByRole("listitem").filter({ hasText: words });
}

/** Opens what can be done about a message. */
export async function more(tab: Tab, words: string): Promise<void> {
  await message(tab, words).getByText("More", { exact: true }).click();
}
