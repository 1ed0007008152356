/**
 * A member without a screen: speaks to the server as a phone does, for filling sessions, for being
 * someone's second device, and for reading what the server really holds.
 */
import { randomUUID } from "node:crypto";
import type { Proxy } from "./proxy";
import type { Server } from "./server";

/** A change as it stands on the wire (see `app::sync::wire::RecordChange`). */
export interface Change {
  scope: string;
  kind: string;
  id: string;
  deleted: boolean;
  body: Record<string, unknown> | null;
}

interface Reply {
  outcomes: { id: string; outcome: string; reason: { code: string; message: string } | null }[];
  changes: Change[];
  cursor: string;
  more: boolean;
}

export class Member {
  private seq = 0;

  private constructor(
    private readonly server: Server,
    readonly cookie: string,
    readonly id: string,
    private readonly device: string,
  ) {}

  /** Somebody new. */
  static async join(server: Server, code: string, name: string): Promise<Member> {
    const answer = await post(server, "/api/join", { code, name }, "");
    const cookie = answer.headers.getSetCookie()[0]?.split(";")[0];
    if (!answer.ok || !cookie) throw new Error(`joining failed: ${answer.status} ${await answer.text()}`);
    const { member } = (await answer.json()) as { member: string };
    return new Member(server, cookie, member, randomUUID());
  }

  /** The member whose phone last spoke through `network`, on the same session. */
  static behind(server: Server, network: Proxy): Member {
    const last = network.requests(/^\/api\/sync$/).findLast((sent) => sent.headers.cookie && JSON.parse(sent.body).member);
    if (!last?.headers.cookie) throw new Error("no joined phone has spoken yet");
    const { member, device } = JSON.parse(last.body) as { member: string; device: string };
    return new Member(server, last.headers.cookie, member, device);
  }

  /** Sends one command and gives its outcome. */
  async send(kind: string, body: object): Promise<Reply["outcomes"][number]> {
    this.seq += 1;
    const made_at = "2026-11-23T09:12:00+00:00";
    const command = { id: uuidV7(), seq: this.seq, made_at, kind, body };
    const reply = await this.sync(null, [command]);
    const outcome = reply.outcomes[0];
    if (!outcome) throw new Error("the server gave no outcome");
    return outcome;
  }

  /** Asks for a place in the first session of an opportunity, by its title. Gives the sign-up's id. */
  async signUpTo(title: string): Promise<string> {
    const opportunity = (await this.records("opportunity")).find((record) => record.body.title === title);
    const sessions = (await this.records("session")).filter((record) => record.body.opportunity === opportunity?.id);
    if (!sessions[0]) throw new Error(`no session of ${title}`);
    const sign_up = uuidV7();
    const outcome = await this.send("sign_up.request", { sign_up, session: sessions[0].id });
    if (outcome.outcome !== "applied") throw new Error(`signing up: ${JSON.stringify(outcome)}`);
    return sign_up;
  }

  /** Gives a place up. */
  async withdraw(sign_up: string): Promise<void> {
    await this.send("sign_up.withdraw", { sign_up });
  }

  /** Sends a check-in to this member's team. */
  async shareCheckIn(note: string): Promise<void> {
    const team = (await this.records("team"))[0];
    const body = { check_in: uuidV7(), team: team?.id, feeling: null, note, wants: "know", contact: null, consent: 1 };
    const outcome = await this.send("check_in.share", body);
    if (outcome.outcome !== "applied") throw new Error(`sharing: ${JSON.stringify(outcome)}`);
  }

  /** Every live record of a kind that this member can read, as the server holds it now. */
  async records(kind: string): Promise<(Change & { body: Record<string, unknown> })[]> {
    const found: (Change & { body: Record<string, unknown> })[] = [];
    let cursor: string | null = null;
    for (;;) {
      const reply: Reply = await this.sync(cursor, []);
      for (const change of reply.changes) {
        if (change.kind === kind && !change.deleted && change.body) found.push({ ...change, body: change.body });
      }
      if (!reply.more) return found;
      cursor = reply.cursor;
    }
  }

  /** Whether the server still takes this session for anybody. */
  async isKnown(): Promise<boolean> {
    const request = { protocol: 1, device: this.device, member: this.id, cursor: null, commands: [] };
    return (await post(this.server, "/api/sync", request, this.cookie)).status !== 401;
  }

  private async sync(cursor: string | null, commands: object[]): Promise<Reply> {
    const request = { protocol: 1, device: this.device, member: this.id, cursor, commands };
    const answer = await post(this.server, "/api/sync", request, this.cookie);
    if (!answer.ok) throw new Error(`sync failed: ${answer.status} ${await answer.text()}`);
    return (await answer.json()) as Reply;
  }
}

function post(server: Server, path: string, body: object, cookie: string): Promise<Response> {
  return fetch(server.url + path, {
    method: "POST",
    headers: { "content-type": "application/json", origin: server.url, cookie },
    body: JSON.stringify(body),
  });
}

function uuidV7(): string {
  const time = Date.now().toString(16).padStart(12, "0");
  const random = randomUUID();
  return `${time.slice(0, 8)}-${time.slice(8)}-7${random.slice(15)}`;
}
