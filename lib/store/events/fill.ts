/**
 * Fills a host's event store with made-up messages through its own writer, for benchmarks:
 * `node --import tsx --conditions react-server lib/store/events/fill.ts FOLDER MESSAGES DAYS`. They end now; one account in
 * 2,000 is stolen and sends three in ten of them under forged senders from 25,000 addresses.
 */
import "server-only";
import { join } from "node:path";
import type { LogRecord } from "../../core/log-record";
import { Duck } from "./duck";
import { HostStore } from "./host-store";

const [folder = "", messages = "0", days = "1"] = process.argv.slice(2);
const count = Number(messages);
const span = Number(days) * 86_400_000;
const perCommit = 100_000;

let seed = 7;
function dice(): number {
  seed = (Math.imul(seed, 1_103_515_245) + 12_345) & 0x7fffffff;
  return seed / 0x80000000;
}
const under = (limit: number) => Math.floor(dice() * limit);
const people = Array.from({ length: 2000 }, (_, n) => `user${n}@example.com`);
const networks = Array.from({ length: 25_000 }, (_, n) => `185.220.${n % 100}.${1 + Math.floor(n / 100)}`);
const forged = Array.from({ length: 5000 }, (_, n) => `forged${n}@example.net`);

let offset = 0;
const line = () => {
  offset += 150;
  return { file: 1_000_000, offset };
};

function* message(n: number, at: number): Generator<LogRecord> {
  const stolen = dice() < 0.3;
  const account = stolen ? "stolen@example.com" : (people[Math.floor(dice() ** 3 * people.length)] as string);
  const clientAddress = stolen
    ? (networks[under(networks.length)] as string)
    : `192.0.2.${1 + (account.length * 7 + under(3))}`;
  const id = (0x10000000000 + n * 0x1003).toString(16).toUpperCase();
  const of = { message: `${id}@${at}`, born: at, id };
  const client = { clientName: "unknown", clientAddress };
  const begin = line();
  const session = `${begin.file}:${begin.offset}`;
  const submission = { instance: "postfix", service: "submission/smtpd" };
  if (stolen && n % 20 === 0)
    yield {
      kind: "reject",
      at,
      line: line(),
      session,
      message: null,
      born: 0,
      account: null,
      ...client,
      verdict: "reject",
      stage: "RCPT",
      code: "550",
      dsn: "5.1.2",
      reason: "<x@nosuchdomain.example>: Recipient address rejected: Domain not found",
      sender: "x@example.net",
      recipient: "x@nosuchdomain.example",
      helo: "client.example",
    };
  yield { kind: "connect", at, line: begin, session, ...submission, pid: 1000 + (n % 40), ...client };
  yield {
    kind: "submit",
    at,
    line: line(),
    ...of,
    ...submission,
    session,
    ...client,
    account,
    inherited: false,
    logged: true,
    method: "PLAIN",
    saslSender: null,
    localUser: null,
    sender: null,
    origin: null,
  };
  const sender = stolen ? (forged[under(forged.length)] as string) : account;
  yield { kind: "envelope", at, line: line(), ...of, account, sender, size: 600 + under(9000), recipients: 1 };
  yield {
    kind: "delivery",
    at: at + 1000,
    line: line(),
    ...of,
    account,
    agent: "smtp",
    recipient: `r${under(1_000_000)}@example.org`,
    originalRecipient: null,
    relay: "mail.example.org[198.51.100.25]:25",
    delay: 0.9,
    dsn: "2.0.0",
    status: n % 7 === 0 ? "deferred" : "sent",
    reason: n % 7 === 0 ? "connect to mail.example.org[198.51.100.25]:25: Connection refused" : "250 2.0.0 Ok",
  };
  if (n % 7 !== 0) yield { kind: "end", at: at + 1000, line: line(), ...of, account, how: "removed", detail: "" };
  const ended = { start: at, account, authOk: 1, authTried: 1, commands: "", lost: null };
  yield { kind: "disconnect", at: at + 1000, line: line(), session, ...client, ...ended };
}

const duck = await Duck.open(join(folder, "..", "spill"));
const store = await HostStore.open(duck, folder, () => 68 * 256 + 69);
const end = Math.floor(Date.now() / 1000) * 1000 - 3_600_000;
let day = -1;
let inTransaction = 0;
for (let n = 0; n < count; n++) {
  const at = Math.floor((end - span + (span * n) / count) / 1000) * 1000;
  const today = Math.floor(at / 86_400_000);
  if (today !== day || inTransaction === perCommit) {
    if (day >= 0) await store.commit("filled", { state: "{}", snapshot: null });
    await store.begin(at);
    day = today;
    inTransaction = 0;
  }
  inTransaction++;
  for (const record of message(n, at)) store.add(record);
  if (n % 1000 === 999) await store.drain();
}
await store.commit("filled", { state: "{}", snapshot: null });
await store.close();
duck.close();
