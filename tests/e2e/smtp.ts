/** A mail server on this machine that takes every mail and keeps it. */
import { createServer, type Server } from "node:net";

export class Smtp {
  /** What came, as it crossed the line. */
  readonly mails: string[] = [];

  private constructor(private readonly server: Server) {}

  static async start(): Promise<Smtp> {
    const server = createServer();
    const smtp = new Smtp(server);
    server.on("connection", (socket) => {
      let said = "";
      let mail: string | undefined;
      socket.on("error", () => socket.destroy());
      socket.on("data", (data) => {
        said += data.toString();
        for (let end = said.indexOf("\r\n"); end >= 0; end = said.indexOf("\r\n")) {
          const line = said.slice(0, end);
          said = said.slice(end + 2);
          if (mail === undefined) {
            if (line === "DATA") mail = "";
            socket.write(line === "DATA" ? "354 go on\r\n" : "250 yes\r\n");
          } else if (line === ".") {
            smtp.mails.push(mail);
            mail = undefined;
            socket.write("250 kept\r\n");
          } else {
            mail += `${line}\n`;
          }
        }
      });
      socket.write("220 here\r\n");
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return smtp;
  }

  get url(): string {
    const address = this.server.address();
    if (address === null || typeof address === "string") throw new Error("no port");
    return `smtp://127.0.0.1:${address.port}`;
  }

  stop(): void {
    this.server.close();
  }
}
