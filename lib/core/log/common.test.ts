import fc from "fast-check";
import { expect, test } from "vitest";
import type { LogRecord } from "../log-record";
import { fixedZone } from "./clock";
import { LogReader, type LogReaderChanges, type LogReaderState } from "./reader";

const source = { file: 1, offset: 0, zone: fixedZone(60), notAfter: Date.UTC(2026, 10, 28) };
const messages = [
  "smtpd[12]: connect from mail.example.com[203.0.113.7]",
  "submission/smtpd[12]: connect from unknown[2001:db8::7]",
  "smtpd[12]: disconnect from unknown[203.0.113.7] ehlo=1 auth=1/3 mail=2 rcpt=2 data=2 quit=1 commands=9/11",
  "smtpd[12]: disconnect from unknown[203.0.113.7]",
  "smtpd[12]: 5C1B220A1F: client=unknown[203.0.113.7], sasl_method=PLAIN, sasl_username=jo smith@example.net",
  "smtpd[12]: 4bXyZ61nG8z2f: client=mail.example.com[203.0.113.7]",
  "cleanup[13]: 5C1B220A1F: message-id=<1@example.net>",
  "qmgr[9]: 5C1B220A1F: from=<jo@example.net>, size=512, nrcpt=1 (queue active)",
  "qmgr[9]: 4bXyZ61nG8z2f: from=<>, size=2048, nrcpt=12 (queue active)",
  "smtp[14]: 5C1B220A1F: to=<a@example.org>, relay=mx.example.org[198.51.100.2]:25, delay=0.41, delays=0.1/0/0.1/0.2, dsn=2.0.0, status=sent (250 2.0.0 Ok: queued as 9F)",
  "smtp[14]: 5C1B220A1F: to=<a@example.org>, relay=mx.example.org[198.51.100.2]:25, conn_use=2, delay=12, delays=0.1/0/0.1/0.2, dsn=4.4.1, status=deferred (connect to x[198.51.100.2]:25: timed out)",
  "local[15]: 4bXyZ61nG8z2f: to=<b@example.com>, orig_to=<c@example.com>, relay=local, delay=0, delays=0/0/0/0, dsn=2.0.0, status=sent (delivered to mailbox)",
  "qmgr[9]: 5C1B220A1F: removed",
];
const stamps = [
  "Nov 28 05:37:39 mx",
  "Nov  8 05:37:39 mx",
  "Nov 28 05:37:40 mx",
  "Dec  1 23:59:60 mx",
  "2026-11-28T05:37:39.123456+01:00 mx",
  "2026-11-28T05:37:39.9+01:00 mx",
  "2026-11-28T05:37:39Z mx",
  "2026-11-28T05:37:39 mx",
];
const oddities = [
  "\0",
  "\r",
  "ü",
  " ",
  ",",
  "]",
  ">",
  '"',
  ": ",
  "]: ",
  "Nov 28 05:37:39 mx postfix/smtpd[1]: x",
  "0",
  "z",
  "=",
];
const line = fc
  .record({
    stamp: fc.constantFrom(...stamps),
    message: fc.constantFrom(...messages),
    program: fc.constantFrom("postfix", "postfix-out", "MX postfix"),
    cut: fc.option(fc.record({ at: fc.nat(220), drop: fc.nat(3), put: fc.constantFrom("", ...oddities) }), { freq: 2 }),
  })
  .map(({ stamp, message, program, cut }) => {
    const text = `${stamp} ${program}/${message}`;
    return cut ? text.slice(0, cut.at) + cut.put + text.slice(cut.at + cut.drop) : text;
  });
const log = fc.array(line, { maxLength: 40 }).map((lines) => Buffer.from(lines.map((text) => `${text}\n`).join("")));

function read(bytes: Buffer, cuts: number[]): { records: LogRecord[]; state: LogReaderState } {
  const records: LogRecord[] = [];
  const reader = new LogReader(source);
  let from = 0;
  for (const cut of [...cuts, bytes.length]) {
    reader.feed(bytes.subarray(from, cut), (record) => records.push(record));
    from = cut;
  }
  return { records, state: reader.snapshot() };
}

/** Behind the first byte of each line: no line comes whole, so none is read the quick way. */
const inEachLine = (bytes: Buffer) =>
  [...bytes.entries()].flatMap(([at]) => (at > 0 && (at === 1 || bytes[at - 2] === 10) ? [at] : []));

test("lines of the common kinds, and ones that only look so, are read the quick way as they are the other way", () => {
  fc.assert(
    fc.property(log, (bytes) => {
      expect(read(bytes, [])).toEqual(read(bytes, inEachLine(bytes)));
    }),
    { numRuns: 500 },
  );
});

test("a state and the changes since stand for the whole", () => {
  fc.assert(
    fc.property(log, fc.array(fc.nat(), { minLength: 1, maxLength: 5 }), (bytes, places) => {
      const cuts = places.map((at) => at % (bytes.length + 1)).sort((a, b) => a - b);
      const reader = new LogReader(source);
      const changes: LogReaderChanges[] = [];
      let first: LogReaderState | undefined;
      let from = 0;
      for (const cut of cuts) {
        reader.feed(bytes.subarray(from, cut), () => {});
        from = cut;
        if (first === undefined) first = JSON.parse(JSON.stringify(reader.snapshot()));
        else changes.push(JSON.parse(JSON.stringify(reader.changes())));
      }
      const again = new LogReader({ ...source, offset: from }, first, changes);
      const rest = (one: LogReader) => {
        const records: LogRecord[] = [];
        one.feed(bytes.subarray(from), (record) => records.push(record));
        return { records, state: one.snapshot() };
      };
      expect(rest(again)).toEqual(rest(reader));
    }),
    { numRuns: 500 },
  );
});
