/**
 * What stands between the phone and the server: a network that can be taken away in every way that
 * a real one goes, and that writes down each byte the phone sent.
 *
 * Phones only ever know the proxy's address, which stays the same while the server comes and goes.
 */
import { once } from "node:events";
import http from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { gunzipSync } from "node:zlib";

/**
 * - `pass`: as it should be.
 * - `refused`: nobody listens.
 * - `black hole`: taken, never answered.
 * - `late`: the server answers, but only after the phone gave up.
 * - `cut`: the server answers, and the line breaks in the middle of it.
 * - `delay`: the answer takes `DELAY_MS`.
 */
export type Mode = "pass" | "refused" | "black hole" | "late" | "cut" | "delay";

export const DELAY_MS = 3_000;

/** What came back for a request, as it crossed the line. */
export interface Answered {
  status: number;
  type: string;
  encoding: string;
  /** Bytes of the body, packed. */
  bytes: number;
}

/** One request as the phone sent it. */
export class Sent {
  /** What was answered, once it was given whole. */
  answered: Answered | undefined;

  constructor(
    readonly method: string,
    readonly path: string,
    readonly headers: http.IncomingHttpHeaders,
    readonly raw: Buffer,
  ) {}

  /** The body as text, unpacked. */
  get body(): string {
    return this.headers["content-encoding"] === "gzip"
      ? gunzipSync(this.raw).toString("utf8")
      : this.raw.toString("utf8");
  }

  /** Whether `text` is anywhere in it: address, headers or body, packed or not, encoded or not. */
  carries(text: string): boolean {
    const everything = [this.path, JSON.stringify(this.headers), this.raw.toString("latin1"), this.body];
    const spellings = [text, encodeURIComponent(text), new URLSearchParams({ t: text }).toString().slice(2)];
    return everything.some((place) => spellings.some((spelling) => place.includes(spelling)));
  }
}

/** How the rest of an answer may be changed on its way (see {@link Proxy.rewrite}). */
export type Rewrite = (path: string, body: Buffer) => Buffer;

/** What the network answers by itself. */
export type Reply = (sent: Sent) => { status: number; body: object };

export class Proxy {
  readonly sent: Sent[] = [];
  private mode: Mode = "pass";
  private only: RegExp = /./;
  private held: RegExp | undefined;
  private readonly waiting: (() => void)[] = [];
  private replying: { paths: RegExp; reply: Reply } | undefined;
  private rewriting: { paths: RegExp; change: Rewrite } | undefined;
  private readonly sockets = new Set<Socket>();
  private readonly listener: http.Server;
  private port = 0;
  /** How many answers the server gave that no phone ever had. */
  lost = 0;

  private constructor(private readonly serverPort: number) {
    this.listener = http.createServer((request, response) => void this.take(request, response));
    this.listener.on("connection", (socket) => {
      this.sockets.add(socket);
      socket.on("close", () => this.sockets.delete(socket));
      socket.on("error", () => socket.destroy());
    });
  }

  static async start(serverPort: number): Promise<Proxy> {
    const proxy = new Proxy(serverPort);
    await proxy.listen();
    return proxy;
  }

  /** Where phones find the server. */
  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** Changes how the network behaves, for the paths that match `only`. Other paths pass. */
  async set(mode: Mode, only: RegExp = /./): Promise<void> {
    this.mode = mode;
    this.only = only;
    if (mode === "refused") {
      for (const socket of this.sockets) socket.destroy();
      if (this.listener.listening) await new Promise((closed) => this.listener.close(closed));
    } else if (!this.listener.listening) {
      await this.listen();
    }
  }

  /** Holds back answers to matching paths until the returned function is called. */
  hold(paths: RegExp): () => void {
    this.held = paths;
    return () => {
      this.held = undefined;
      for (const go of this.waiting.splice(0)) go();
    };
  }

  /** How many requests are held back now. */
  get holding(): number {
    return this.waiting.length;
  }

  /** Changes the (unpacked) answers to matching paths: how a new version comes to be served. */
  rewrite(paths: RegExp, change: Rewrite): void {
    this.rewriting = { paths, change };
  }

  /** Answers matching paths itself: the server never hears of them. */
  reply(paths: RegExp, reply: Reply): void {
    this.replying = { paths, reply };
  }

  /** Requests to matching paths, oldest first. */
  requests(paths: RegExp): Sent[] {
    return this.sent.filter((request) => paths.test(request.path));
  }

  /** How many syncs were answered well and whole. */
  get answeredSyncs(): number {
    return this.requests(/^\/api\/sync$/).filter((sent) => sent.answered?.status === 200).length;
  }

  /** Requests that carry the text anywhere. */
  carrying(text: string): Sent[] {
    return this.sent.filter((request) => request.carries(text));
  }

  async close(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    if (this.listener.listening) await new Promise((closed) => this.listener.close(closed));
  }

  private async listen(): Promise<void> {
    this.listener.listen(this.port, "127.0.0.1");
    await once(this.listener, "listening");
    this.port = (this.listener.address() as AddressInfo).port;
  }

  private async take(request: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
    const parts: Buffer[] = [];
    try {
      for await (const part of request) parts.push(part as Buffer);
    } catch {
      // The phone hung up while sending; what came still counts as sent.
    }
    const path = request.url ?? "/";
    const sent = new Sent(request.method ?? "GET", path, request.headers, Buffer.concat(parts));
    this.sent.push(sent);
    if (this.held?.test(path)) await new Promise<void>((go) => this.waiting.push(go));
    await this.answer(sent, response, this.only.test(path) ? this.mode : "pass");
  }

  private async answer(sent: Sent, response: http.ServerResponse, mode: Mode): Promise<void> {
    if (mode === "black hole") return;
    if (mode === "refused") return void response.destroy();
    if (mode === "delay") await new Promise((later) => setTimeout(later, DELAY_MS));
    if (this.replying?.paths.test(sent.path)) {
      const { status, body } = this.replying.reply(sent);
      response.writeHead(status, { "content-type": "application/json" });
      return void response.end(JSON.stringify(body));
    }
    const upstream = await this.forward(sent);
    if (!upstream) return void response.destroy();
    if (mode === "late") return this.loseAfterGivingUp(upstream, response);
    if (mode === "cut") return this.cut(upstream, response);
    if (this.rewriting?.paths.test(sent.path)) return this.changed(sent, upstream, response);
    response.writeHead(upstream.statusCode ?? 502, upstream.headers);
    let bytes = 0;
    upstream.on("data", (part: Buffer) => (bytes += part.length));
    upstream.on("end", () => {
      const { "content-type": type = "", "content-encoding": encoding = "" } = upstream.headers;
      sent.answered = { status: upstream.statusCode ?? 502, type, encoding, bytes };
    });
    upstream.pipe(response);
    response.on("close", () => upstream.destroy());
  }

  private async forward(sent: Sent): Promise<http.IncomingMessage | undefined> {
    const headers = this.rewriting?.paths.test(sent.path)
      ? { ...sent.headers, "accept-encoding": "identity" }
      : sent.headers;
    const { method, path } = sent;
    const upstream = http.request({ host: "127.0.0.1", port: this.serverPort, method, path, headers });
    upstream.end(sent.raw);
    try {
      const [answer] = (await once(upstream, "response")) as [http.IncomingMessage];
      return answer;
    } catch {
      return undefined; // The server is down: the line breaks, as it would without a proxy.
    }
  }

  private async loseAfterGivingUp(upstream: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
    await whole(upstream);
    if (!response.destroyed) await once(response, "close");
    this.lost += 1;
  }

  private async cut(upstream: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
    const body = await whole(upstream);
    const headers = { ...upstream.headers, "content-length": String(body.length + 1) };
    delete (headers as http.IncomingHttpHeaders)["transfer-encoding"];
    response.writeHead(upstream.statusCode ?? 502, headers);
    response.write(body.subarray(0, Math.floor(body.length / 2)), () => response.destroy());
    this.lost += 1;
  }

  private async changed(sent: Sent, upstream: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
    const original = await whole(upstream);
    const body = this.rewriting?.change(sent.path, original) ?? original;
    const headers = { ...upstream.headers, "content-length": String(body.length) };
    delete (headers as http.IncomingHttpHeaders)["transfer-encoding"];
    delete (headers as http.IncomingHttpHeaders).etag;
    response.writeHead(upstream.statusCode ?? 502, headers);
    response.end(body);
  }
}

async function whole(stream: http.IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of stream) parts.push(part as Buffer);
  return Buffer.concat(parts);
}
