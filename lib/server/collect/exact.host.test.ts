import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { type MailHost, startMailHost } from "../../../e2e/mailhost/host";
import { oracle } from "../../../e2e/mailhost/oracle";
import { attack, failedLogin, honest, type Sent } from "../../../e2e/mailhost/traffic";
import { namedZone } from "../../core/log/clock";
import { LogReader } from "../../core/log/reader";
import type { LogRecord } from "../../core/log-record";

/** What the reader makes of a real log, against grep, pflogsumm and what the relay took. */
const stolen = "stolen@example.com";
let host: MailHost;
let delivered: Sent[];
let deferred: Sent[];
let records: LogRecord[];

beforeAll(async () => {
  host = await startMailHost({ log: "traditional", relay: "sink" });
  const first = await Promise.all([
    attack(host, {
      messages: 60,
      senders: 40,
      clients: 30,
      recipientsEach: 3,
      recipientRejects: 5,
      senderRejects: 4,
      failedLogins: 3,
    }),
    honest(host, { messages: 40, recipientsEach: 2 }),
  ]);
  delivered = first.flat();
  // A bounce and its notice: mail of a local user to nobody.
  await host.exec("printf 'Subject: x\\n\\nx\\n' | sendmail -f alice@example.com nosuchuser@localhost");
  await oracle(host).settled(0, 40_000);
  await host.relay("closed");
  const second = await Promise.all([
    attack(host, { messages: 20, senders: 20, clients: 5, recipientsEach: 2, seed: 5 }),
    honest(host, { messages: 9, seed: 6 }),
  ]);
  deferred = second.flat();
  await failedLogin(host, "alice@example.com", "192.0.2.10");
  await oracle(host).settled(deferred.length, 40_000);
  const path = join(host.dir, "var/log/mail.log");
  // The log is written by another process: it is whole when the last failure of 29 messages stands in it.
  await vi.waitFor(async () => expect(await grep("status=deferred")).toBe(recipients(deferred)), { timeout: 20_000 });
  records = [];
  const reader = new LogReader({ file: 1, offset: 0, zone: namedZone("UTC"), notAfter: Date.now() + 60_000 });
  reader.feed(readFileSync(path), (record) => records.push(record));
  reader.end((record) => records.push(record));
  expect(reader.counts.unknown).toBe(0);
}, 90_000);
afterAll(() => host?.stop());

const recipients = (sent: Sent[]) => sent.reduce((sum, each) => sum + each.recipients.length, 0);
const of = <K extends LogRecord["kind"]>(kind: K) =>
  records.filter((record): record is Extract<LogRecord, { kind: K }> => record.kind === kind);
const grep = async (pattern: string) =>
  Number((await host.exec('grep -acE -- "$1" /var/log/mail.log || true', [pattern])).trim());

test("each account has the messages that grep counts", async () => {
  const accounts = new Map<string, number>();
  for (const record of of("submit"))
    if (record.logged) accounts.set(record.account ?? "", (accounts.get(record.account ?? "") ?? 0) + 1);
  expect([...accounts.keys()].sort()).toEqual([
    "alice@example.com",
    "bob@example.com",
    "carol@example.com",
    "stolen@example.com",
  ]);
  for (const [account, messages] of accounts)
    expect(messages).toBe(await grep(`: [0-9A-F]+: client=.*sasl_username=${account.replaceAll(".", "\\.")}$`));
  expect(accounts.get(stolen)).toBe(80);
  expect(of("login").filter((record) => !record.ok && record.protocol === "smtp").length).toBe(
    await grep("authentication failed"),
  );
});

test("the totals are pflogsumm's", async () => {
  const report = await host.exec("pflogsumm /var/log/mail.log");
  const total = (what: string) => {
    const found = new RegExp(`^ *(\\d+)(k?) +${what}`, "m").exec(report);
    if (!found || found[2]) throw new Error(`pflogsumm does not say how many ${what}:\n${report.slice(0, 2000)}`);
    return Number(found[1]);
  };
  const deliveries = of("delivery");
  const status = (wanted: string) => deliveries.filter((record) => record.status === wanted);
  // The notice of the bounce came in by no smtpd and no pickup: pflogsumm counts no sender of it.
  const came = new Set(of("submit").map((record) => record.message));
  const senders = new Set(
    of("envelope")
      .filter((record) => came.has(record.message))
      .map((record) => record.sender),
  );
  const taken = new Set(status("sent").map((record) => record.recipient));
  expect({
    received: of("submit").length,
    delivered: status("sent").length,
    bounced: status("bounced").length,
    rejected: of("reject").filter((record) => record.verdict === "reject").length,
    deferrals: status("deferred").length,
    deferred: new Set(status("deferred").map((record) => record.message)).size,
    senders: senders.size,
    recipients: taken.size,
  }).toEqual({
    received: total("received"),
    delivered: total("delivered"),
    bounced: total("bounced"),
    rejected: total("rejected"),
    deferrals: Number(/^ *\d+ +deferred +\((\d+) +deferrals\)/m.exec(report)?.[1]),
    deferred: total("deferred"),
    senders: total("senders"),
    recipients: total("recipients"),
  });
  expect(status("bounced").length).toBe(1);
  expect(of("reject").length).toBe(9);
});

test("each message came out as the relay and the queue say", async () => {
  const look = oracle(host);
  const lines = (sender: string, to: readonly string[]) => to.map((recipient) => `${sender} → ${recipient}`);
  const took = look.delivered().flatMap((each) => lines(each.sender, each.recipients));
  const sender = new Map(of("envelope").map((record) => [record.message, record.sender]));
  const said = of("delivery").filter((record) => record.status === "sent" && record.agent === "smtp");
  expect(said.map((record) => `${sender.get(record.message ?? "")} → ${record.recipient}`).sort()).toEqual(took.sort());
  const byId = (wanted: string) =>
    of("delivery")
      .filter((record) => record.status === wanted && record.account?.includes("@"))
      .map((record) => `${record.id} ${record.account} ${record.recipient}`)
      .sort();
  const sent = (messages: Sent[]) =>
    messages.flatMap((each) => each.recipients.map((to) => `${each.id} ${each.account} ${to}`)).sort();
  expect(byId("sent")).toEqual(sent(delivered));
  expect(byId("deferred")).toEqual(sent(deferred));
  const removed = of("end").filter((record) => record.how === "removed");
  expect(
    removed
      .filter((record) => record.account?.includes("@"))
      .map((record) => record.id)
      .sort(),
  ).toEqual(delivered.map((each) => each.id).sort());
  expect([...(await look.queue()).keys()].sort()).toEqual(deferred.map((each) => each.id).sort());
});
