/**
 * The built server, run as a person would run it: a process with a data folder of its own, started
 * with the demo organisation, stopped, killed and started again on the same data.
 */
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

const BINARY = process.env.CHORUS_PROGRAM ?? resolve(__dirname, "../../target/debug/chorus");
const READY_WITHIN_MS = 30_000;

/** What the demo organisation lets one in with. */
export const DEMO = {
  teamCode: "STAR-DEMO",
  team: "Harbour team",
  teamlessCode: "LOOK-DEMO",
  staff: "staff@demo.example",
  admin: "admin@demo.example",
  password: "lived experience",
  /** Staff give its places. */
  staffOpportunity: "Gentler words for the recovery plan",
  /** Its places go to whoever is received first. */
  firstOpportunity: "Help choose our next support worker",
  firstOpportunityPlaces: 2,
};

/** A running `chorus serve --demo`. */
export class Server {
  private process: ChildProcess | undefined;
  private output = "";

  private constructor(
    readonly port: number,
    private readonly folder: string,
  ) {}

  /** A new organisation: free port, empty data folder. */
  static async start(): Promise<Server> {
    if (!existsSync(BINARY)) throw new Error(`No server at ${BINARY}. Build it, or set CHORUS_PROGRAM.`);
    const server = new Server(await freePort(), mkdtempSync(join(tmpdir(), "chorus-journey-")));
    await server.up();
    return server;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  get pid(): number {
    if (!this.process?.pid) throw new Error("the server is not running");
    return this.process.pid;
  }

  /** Starts it on the data it has; its clock may be ahead (in debug builds), and more may be set. */
  async up(aheadMs = 0, more: Record<string, string> = {}): Promise<void> {
    const listen = `127.0.0.1:${this.port}`;
    const child = spawn(BINARY, ["serve", "--demo", "--listen", listen, "--data-dir", this.folder], {
      stdio: ["ignore", "pipe", "pipe"],
      env: { ...process.env, CHORUS_CLOCK_AHEAD_MS: String(aheadMs), CHORUS_LISTEN: undefined, DATABASE_URL: undefined, ...more },
    });
    child.stdout?.on("data", (text) => (this.output += text));
    child.stderr?.on("data", (text) => (this.output += text));
    this.process = child;
    const giveUpAt = Date.now() + READY_WITHIN_MS;
    while (!(await this.isReady())) {
      if (child.exitCode !== null || Date.now() > giveUpAt) {
        throw new Error(`The server did not start.\n${this.output}`);
      }
    }
  }

  /** Ends it with everything in flight finished. */
  async stop(): Promise<void> {
    await this.end("SIGTERM");
  }

  /** Ends it as a power cut does. */
  async kill(): Promise<void> {
    await this.end("SIGKILL");
  }

  /** Runs another command of the program on its data: `backup`, `restore`. */
  run(command: "backup" | "restore", file: string): void {
    const words = [command, join(this.folder, file), "--data-dir", this.folder];
    execFileSync(BINARY, words, { env: { ...process.env, DATABASE_URL: undefined } });
  }

  /** Runs `chorus staff …` on its data, with what is typed into it. */
  staff(words: string[], typed = ""): string {
    const all = ["staff", ...words, "--data-dir", this.folder];
    return execFileSync(BINARY, all, { input: typed, env: { ...process.env, DATABASE_URL: undefined } }).toString();
  }

  /** Puts an involvement group where its phones find it: see `tests/seed`. */
  seed(group: object): void {
    const program = process.env.CHORUS_SEED ?? resolve(__dirname, "../../target/debug/seed");
    execFileSync(program, [this.folder, JSON.stringify(group)]);
  }

  /** Ends it and removes its data. */
  async remove(): Promise<void> {
    await this.kill();
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** Everything it has printed: nothing personal may be there. */
  log(): string {
    return this.output;
  }

  private async end(signal: NodeJS.Signals): Promise<void> {
    const child = this.process;
    this.process = undefined;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, "exit");
    child.kill(signal);
    await ended;
  }

  private async isReady(): Promise<boolean> {
    try {
      const answer = await fetch(`${this.url}/health/ready`, { signal: AbortSignal.timeout(1_000) });
      return answer.ok;
    } catch {
      return false;
    }
  }
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, "127.0.0.1");
  await once(probe, "listening");
  const address = probe.address();
  probe.close();
  await once(probe, "close");
  if (address === null || typeof address === "string") throw new Error("no port");
  return address.port;
}
