import { connect, type Socket } from "node:net";

/** For *.host.test.ts: an SMTP session that is kept open and driven command by command. */
export class SmtpSession {
  private text = "";
  private closed = false;
  private waiting: (() => void) | undefined;

  private constructor(private readonly socket: Socket) {
    socket.on("data", (chunk) => {
      this.text += chunk.toString("latin1");
      this.waiting?.();
    });
    socket.on("error", () => {});
    socket.on("close", () => {
      this.closed = true;
      this.waiting?.();
    });
  }

  static async login(port: number, account: { login: string; password: string }): Promise<SmtpSession> {
    const session = new SmtpSession(connect(port, "127.0.0.1"));
    await session.reply();
    await session.say("EHLO test.example");
    const plain = Buffer.from(`\0${account.login}\0${account.password}`).toString("base64");
    const said = await session.say(`AUTH PLAIN ${plain}`);
    if (!said.startsWith("235")) throw new Error(`login refused: ${said}`);
    return session;
  }

  /** Sends one message; the answer to its last command, or to the one that was refused. */
  async send(from: string, to: string, content: string): Promise<string> {
    for (const command of [`MAIL FROM:<${from}>`, `RCPT TO:<${to}>`, "DATA"]) {
      const said = await this.say(command);
      if (!/^[23]/.test(said)) {
        await this.say("RSET");
        return said;
      }
    }
    return this.say(`${content.replace(/\r?\n/g, "\r\n")}\r\n.`);
  }

  say(command: string): Promise<string> {
    this.socket.write(`${command}\r\n`);
    return this.reply();
  }

  close(): void {
    this.socket.destroy();
  }

  private async reply(): Promise<string> {
    for (;;) {
      const found = /^(?:\d{3}-.*\r\n)*(\d{3} .*)\r\n/.exec(this.text);
      if (found) {
        this.text = this.text.slice(found[0].length);
        return found[1] ?? "";
      }
      if (this.closed) throw new Error("the SMTP session is closed");
      await new Promise<void>((resolve) => {
        this.waiting = resolve;
      });
    }
  }
}
