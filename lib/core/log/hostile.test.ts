import fc from "fast-check";
import { expect, test } from "vitest";
import type { LogRecord } from "../log-record";
import { fixedZone } from "./clock";
import { LogReader, type LogReaderState } from "./reader";

const source = { file: 1, offset: 0, zone: fixedZone(0), notAfter: Date.UTC(2026, 10, 28) };
const words = [
  "postfix/smtpd[1]: ",
  "postfix/qmgr[2]: ",
  "dovecot: ",
  "imap-login: ",
  "Nov 28 05:37:39 mx ",
  "warning: ",
  "NOQUEUE: ",
  "reject: ",
  "RCPT from ",
  "a[192.0.2.1]",
  "5C1B220A1F: ",
  "client=",
  "to=<",
  ">, ",
  "status=",
  "from=<",
  "size=",
  "(",
  ")",
  "; from=<",
  ": SASL ",
  " authentication failed",
  "message repeated 3 times: [",
  "header ",
  "\0",
  "\r",
  "\n",
  "ü",
  '"',
  "\\",
  "{",
  "auth(",
  "pam(",
];
const line = fc.array(fc.oneof(fc.constantFrom(...words), fc.string({ maxLength: 8 })), { maxLength: 30 });
const head = "Nov 28 05:37:39 mx ";
const at = (pid: number, id: string, n: number) => [
  `${head}postfix/smtpd[${pid}]: connect from c${n}.example.com[203.0.113.${n}]`,
  `${head}postfix/smtpd[${pid}]: ${id}: client=c${n}.example.com[203.0.113.${n}], sasl_method=LOGIN, sasl_username=u${n}`,
  `${head}postfix/qmgr[9]: ${id}: from=<ü@example.net>, size=5, nrcpt=1 (queue active)`,
  `${head}postfix/smtp[8]: ${id}: to=<r@example.org>, relay=none, delay=1, dsn=4.4.1, status=deferred (no)`,
  `${head}postfix/qmgr[9]: ${id}: removed`,
  `${head}postfix/smtpd[${pid}]: disconnect from c${n}.example.com[203.0.113.${n}] auth=1 commands=1`,
];

function read(bytes: Uint8Array, cuts: number[], restart: boolean): LogRecord[] {
  const out: LogRecord[] = [];
  const sink = (record: LogRecord) => out.push(record);
  let reader = new LogReader(source);
  let from = 0;
  for (const cut of [...cuts.map((c) => c % (bytes.length + 1)).sort((a, b) => a - b), bytes.length]) {
    reader.feed(bytes.subarray(from, cut), sink);
    from = cut;
    if (restart) {
      const state = JSON.parse(JSON.stringify(reader.snapshot())) as LogReaderState;
      reader = new LogReader({ ...source, offset: state.offset }, state);
    }
  }
  reader.end(sink);
  return out;
}

test("any bytes end without an exception, whatever the cuts and restarts", () => {
  fc.assert(
    fc.property(
      fc.array(line, { maxLength: 20 }),
      fc.array(fc.nat(), { maxLength: 6 }),
      fc.boolean(),
      (lines, cuts, again) => {
        const bytes = Buffer.from(lines.map((parts) => parts.join("")).join("\n"));
        expect(read(bytes, cuts, again)).toEqual(read(bytes, [], false));
      },
    ),
    { numRuns: 300 },
  );
});

test("interleaved processes keep their own messages", () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom(0, 1, 2), { minLength: 60, maxLength: 60 }), (order) => {
      const queues = [at(101, "AAAAA1", 1), at(102, "BBBBB2", 2), at(103, "CCCCC3", 3)];
      const lines: string[] = [];
      for (const n of order) {
        const next = queues[n]?.shift();
        if (next) lines.push(next);
      }
      for (const record of read(Buffer.from(`${lines.join("\n")}\n`), [], false)) {
        if (record.kind !== "delivery") continue;
        expect(record.account).toBe({ AAAAA1: "u1", BBBBB2: "u2", CCCCC3: "u3" }[record.id]);
      }
    }),
    { numRuns: 100 },
  );
});

test("a long hostile line takes linear time", () => {
  const long = `${head}postfix/smtpd[1]: NOQUEUE: reject: RCPT from a[1]: ${"; from=<>: [".repeat(5000)}\n`;
  expect(read(Buffer.from(long), [], false)).toHaveLength(1);
});
