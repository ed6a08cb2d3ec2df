import type { LogRecord, SubmitRecord } from "../../core/log-record";

/** Records as a log of `messages` messages would give them, for tests: one session a message, seeded by nothing but i. */
export function* sampleRecords(
  messages: number,
  options: { from: number; step: number; accounts?: number; file?: number },
) {
  const { from, step, accounts = 50, file = 1 } = options;
  let offset = 0;
  for (let i = 0; i < messages; i++) {
    const at = from + i * step;
    const account = `user${i % accounts}@example.com`;
    const stolen = i % accounts === 0;
    const clientAddress = stolen ? `203.${i % 7}.${i % 251}.9` : `192.0.2.${i % accounts}`;
    const id = (0xabcdef00000 + i).toString(16).toUpperCase();
    const message = `${id}@${at}`;
    const session = `${file}:${offset}`;
    const line = () => {
      offset += 100;
      return { file, offset: offset - 100 };
    };
    const client = { clientName: "unknown", clientAddress };
    yield {
      kind: "connect",
      at,
      line: line(),
      session,
      instance: "postfix",
      service: "submission/smtpd",
      pid: 1000 + (i % 500),
      ...client,
    } satisfies LogRecord;
    yield {
      kind: "submit",
      at,
      line: line(),
      message,
      born: at,
      id,
      instance: "postfix",
      session,
      service: "submission/smtpd",
      ...client,
      account,
      inherited: false,
      logged: true,
      method: "PLAIN",
      saslSender: null,
      localUser: null,
      sender: null,
      origin: null,
    } satisfies SubmitRecord;
    yield {
      kind: "header",
      at,
      line: line(),
      message,
      born: at,
      id,
      account,
      name: "message-id",
      value: `<${i}@x>`,
    } satisfies LogRecord;
    const sender = stolen ? `forged${i}@other${i % 9}.example` : account;
    yield {
      kind: "envelope",
      at,
      line: line(),
      message,
      born: at,
      id,
      account,
      sender,
      size: 1000 + i,
      recipients: 1 + (i % 3),
    } satisfies LogRecord;
    yield {
      kind: "delivery",
      at: at + 1,
      line: line(),
      message,
      born: at,
      id,
      account,
      agent: "smtp",
      recipient: `someone${i}@there.example`,
      originalRecipient: null,
      relay: "mx.there.example[198.51.100.1]:25",
      delay: 0.5,
      dsn: "2.0.0",
      status: i % 10 === 3 ? "deferred" : "sent",
      reason: "250 ok",
    } satisfies LogRecord;
    yield {
      kind: "end",
      at: at + 2,
      line: line(),
      message,
      born: at,
      id,
      account,
      how: "removed",
      detail: "",
    } satisfies LogRecord;
    yield {
      kind: "disconnect",
      at: at + 3,
      line: line(),
      session,
      start: at,
      ...client,
      account,
      authOk: 1,
      authTried: 1,
      commands: "",
      lost: null,
    } satisfies LogRecord;
  }
}
