/** Involvement groups at the desk, and people in them who speak as phones do. */
import { randomUUID } from "node:crypto";
import { expect, type Page } from "@playwright/test";
import type { Desk } from "./desk";
import { Member } from "./member";
import { write } from "./programme";
import { DEMO, type Server } from "./server";

/** All that a group must say before it opens. */
export const GROUP_WORDS = {
  "What it does": "We read the leaflets that people get at a first visit, and make them kinder.",
  "Who it is for": "Anyone who has had a first visit.",
  "When it meets": "Thursday mornings, online.",
  "Who leads it, in words": "Priya, with Dee who has been there too",
  "What people agree to": "We listen, and nobody has to speak.\n\nWhat is said here stays here.",
};

/** Starts a group, writes all of it and keeps it: its page is open after. */
export async function writeGroup(desk: Desk, name: string): Promise<void> {
  const { page } = desk;
  await desk.open("/staff/groups");
  await page.getByRole("link", { name: "Start a new group" }).click();
  await page.getByLabel("Name").fill(name);
  await page.getByLabel("Kind of work").selectOption("Paperwork and wording");
  await page.getByRole("button", { name: "Start", exact: true }).click();
  await expect(page.getByText("It is started. Only staff see it.")).toBeVisible();
  await write(page, GROUP_WORDS);
  await page.getByRole("button", { name: "Keep it", exact: true }).click();
  await expect(page.getByText("Kept. Only staff see it until you open it.")).toBeVisible();
}

/** Names who leads and who is behind them, and opens it to members. */
export async function openGroup(page: Page, lead: string, backup: string): Promise<void> {
  await page.getByLabel("Who on the staff can lead it").selectOption(lead);
  await page.getByRole("button", { name: "Let them lead it" }).click();
  await page.getByLabel("Who on the staff is the backup").selectOption(backup);
  await page.getByRole("button", { name: "Name them" }).click();
  await page.getByRole("button", { name: "Open it to members" }).click();
  await expect(page.getByText("Done. Members can see it and join.")).toBeVisible();
}

/** Somebody in a group. */
export class InGroup {
  private constructor(
    private readonly member: Member,
    private readonly group: string,
  ) {}

  /** Somebody new who joins it: its address at the desk says which. */
  static async join(server: Server, desk: string, name: string): Promise<InGroup> {
    const group = new URL(desk).pathname.split("/")[3] ?? "";
    const person = new InGroup(await Member.join(server, DEMO.teamlessCode, name), group);
    await person.does("group.join", { agreement: 1 });
    return person;
  }

  /** Writes to the others; gives the message's id. */
  async says(words: string): Promise<string> {
    const message = randomUUID();
    await this.does("group.write", { message, words });
    return message;
  }

  /** Asks to have a message looked at. */
  async reports(message: string, words: string): Promise<void> {
    await this.does("group.report", { message, words });
  }

  private async does(kind: string, body: object): Promise<void> {
    const outcome = await this.member.send(kind, { group: this.group, ...body });
    expect(outcome.outcome, JSON.stringify(outcome)).toBe("applied");
  }
}
