import { connect, type Socket } from "node:net";

export type SmtpReply = { code: number; text: string };

/**
 * A small SMTP client that sends exactly what it is told (RFC 5321, AUTH PLAIN of RFC 4616, Postfix's XCLIENT). It
 * answers with the server's reply whatever that is; a lost connection rejects.
 */
export class SmtpClient {
  #socket: Socket;
  #buffer = "";
  #lines: string[] = [];
  #waiting: { resolve: (reply: SmtpReply) => void; reject: (error: Error) => void }[] = [];
  #replies: SmtpReply[] = [];
  #lost: Error | null = null;

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.setNoDelay(true);
    socket.on("data", (bytes) => this.#take(bytes.toString("latin1")));
    const lose = (why: string) => {
      this.#lost ??= new Error(`SMTP connection lost: ${why}`);
      for (const { reject } of this.#waiting.splice(0)) reject(this.#lost);
    };
    socket.on("error", (error) => lose(error.message));
    socket.on("close", () => lose("closed"));
  }

  /** Connects to a port on the loopback and reads the greeting. */
  static async open(port: number): Promise<SmtpClient> {
    const client = new SmtpClient(connect({ host: "127.0.0.1", port }));
    await client.reply();
    return client;
  }

  #take(text: string): void {
    this.#buffer += text;
    for (let end = this.#buffer.indexOf("\r\n"); end >= 0; end = this.#buffer.indexOf("\r\n")) {
      const line = this.#buffer.slice(0, end);
      this.#buffer = this.#buffer.slice(end + 2);
      this.#lines.push(line);
      if (line[3] === "-") continue;
      const reply = { code: Number(line.slice(0, 3)), text: this.#lines.splice(0).join("\n") };
      const next = this.#waiting.shift();
      if (next) next.resolve(reply);
      else this.#replies.push(reply);
    }
  }

  reply(): Promise<SmtpReply> {
    const ready = this.#replies.shift();
    if (ready) return Promise.resolve(ready);
    if (this.#lost) return Promise.reject(this.#lost);
    return new Promise((resolve, reject) => this.#waiting.push({ resolve, reject }));
  }

  send(line: string): Promise<SmtpReply> {
    this.#socket.write(`${line}\r\n`);
    return this.reply();
  }

  /** Appears from another address for the rest of the connection. */
  async from(address: string, name = "[UNAVAILABLE]", helo = "client.example"): Promise<void> {
    await this.send(`EHLO ${helo}`);
    const shown = address.includes(":") ? `IPV6:${address}` : address;
    await this.send(`XCLIENT ADDR=${shown} NAME=${name}`);
    await this.send(`EHLO ${helo}`);
  }

  login(login: string, password: string): Promise<SmtpReply> {
    return this.send(`AUTH PLAIN ${Buffer.from(`\0${login}\0${password}`).toString("base64")}`);
  }

  /** MAIL, RCPTs, DATA in one flight where all are expected to be taken. The last reply: 250 with the queue id, or why not. */
  async message(sender: string, recipients: readonly string[], text: string): Promise<SmtpReply> {
    const commands = [`MAIL FROM:<${sender}>`, ...recipients.map((recipient) => `RCPT TO:<${recipient}>`)];
    this.#socket.write(`${commands.join("\r\n")}\r\n`);
    const replies: SmtpReply[] = [];
    for (const _ of commands) replies.push(await this.reply());
    const refused = replies.find(({ code }) => code >= 400);
    if (refused && !replies.slice(1).some(({ code }) => code < 300)) {
      await this.send("RSET");
      return refused;
    }
    const go = await this.send("DATA");
    if (go.code !== 354) return go;
    return this.send(`${text.replace(/\r?\n/g, "\r\n").replace(/^\./gm, "..")}\r\n.`);
  }

  async quit(): Promise<void> {
    await this.send("QUIT").catch(() => {});
    this.#socket.destroy();
  }

  /** Cuts the connection without a word. */
  drop(): void {
    this.#socket.destroy();
  }
}

/** The queue id in "250 2.0.0 Ok: queued as 4F2C…", or null. */
export function queuedAs(reply: SmtpReply): string | null {
  return /queued as ([0-9A-Za-z]+)/.exec(reply.text)?.[1] ?? null;
}
