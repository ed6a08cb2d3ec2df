import { describe, expect, test } from "vitest";
import type { LogRecord } from "../log-record";
import { fixedZone } from "./clock";
import { LogReader } from "./reader";

function read(...lines: string[]): LogRecord[] {
  const reader = new LogReader({ file: 1, offset: 0, zone: fixedZone(0), notAfter: Date.UTC(2026, 10, 28) });
  const out: LogRecord[] = [];
  reader.feed(Buffer.from(`${lines.join("\n")}\n`), (record) => out.push(record));
  return out;
}
const one = (line: string) => read(line)[0];
const head = "Nov 27 05:37:39 mx postfix/smtpd[411]: ";

describe("odd shapes", () => {
  test.each([
    [
      "repeated",
      `${head}message repeated 2 times: [ warning: unknown[203.0.113.7]: SASL LOGIN authentication failed: x]`,
      { kind: "login", times: 2, method: "LOGIN" },
    ],
    [
      "server's fault",
      `${head}warning: unknown[203.0.113.7]: SASL LOGIN authentication failed: Connection lost to authentication server`,
      { serverFault: true },
    ],
    [
      "Solaris",
      "Nov 27 05:37:39 gr postfix/smtpd[9]: [ID 197553 mail.info] 9F2183652: client=a.example[203.0.113.7]",
      { kind: "submit", id: "9F2183652", account: null },
    ],
    [
      "facility",
      "Nov 27 05:37:39 gr mail.warn postfix/smtps/smtpd[27561]: connect from unknown[203.0.113.7]",
      { kind: "connect", service: "smtps/smtpd", pid: 27561 },
    ],
    ["port", `${head}9F2183652: client=unknown[203.0.113.7]:51234`, { clientAddress: "203.0.113.7" }],
    [
      "empty login",
      `${head}9F2183652: client=unknown[203.0.113.7], sasl_method=PLAIN, sasl_username=`,
      { account: "", logged: true },
    ],
    [
      "no address",
      `${head}disconnect from unknown[unknown] commands=0/0`,
      { kind: "disconnect", clientAddress: "unknown", start: null },
    ],
    [
      "header",
      "Nov 27 05:37:39 mx postfix/cleanup[4]: 9F2183652: warning: header Subject: a; size=26055; from=<x> from b[203.0.113.7]; from=<> to=<c@d.example> proto=ESMTP helo=<b>",
      { kind: "header", name: "Subject", value: "a; size=26055; from=<x>" },
    ],
    [
      "unknown status",
      "Nov 27 05:37:39 mx postfix/local[4]: 9F2183652: to=<a b@c.example>, relay=local, delay=1, status=SOFTBOUNCE (why (not))",
      { status: "SOFTBOUNCE", reason: "why (not)" },
    ],
    [
      "force-expired",
      "Nov 27 05:37:39 mx postfix/qmgr[4]: 9F2183652: from=<a@c.example>, status=force-expired, returned to sender",
      { kind: "end", how: "expired", detail: "force-expired, returned to sender" },
    ],
    [
      "container",
      "mail  | 2026-04-25T22:52:49.512Z Apr 26 00:52:49 mail postfix/qmgr[938]: 9F2183652: removed",
      { kind: "end", at: Date.UTC(2026, 3, 25, 22, 52, 49, 512) },
    ],
    [
      "zone",
      "2026-11-27T06:37:39.1234567+01:00 mx postfix/qmgr[938]: 9F2183652: removed",
      { at: Date.UTC(2026, 10, 27, 5, 37, 39, 123) },
    ],
    [
      "dovecot",
      "Nov 27 05:37:39 mx dovecot: imap-login: Disconnected (auth failed, 3 attempts in 9 secs): user=<jo>, method=PLAIN, rip=203.0.113.7, lip=192.0.2.1",
      { kind: "login", protocol: "imap", account: "jo", times: 3, ok: false },
    ],
    [
      "run together",
      `${head}connect from unknNov 27 05:37:39 mx postfix/smtpd[411]: connect from unknown[203.0.113.7]`,
      { kind: "unknown" },
    ],
    ["cut", `${head}9F2183652: client=unknown[203.0.`, { kind: "unknown" }],
    [
      "journal",
      '{"__REALTIME_TIMESTAMP":"1795757859123456","SYSLOG_IDENTIFIER":"postfix/qmgr","_PID":"7","_HOSTNAME":"mx","MESSAGE":"9F2183652: removed","__CURSOR":"s=1"}',
      { kind: "end", at: 1795757859123 },
    ],
    [
      "gap",
      "Nov 27 05:37:39 mx systemd-journald[5]: Suppressed 1234 messages from postfix.service",
      { kind: "gap", missing: 1234 },
    ],
  ])("%s", (_, line, expected) => {
    expect(one(line)).toMatchObject(expected);
  });

  test("NOQUEUE: client= is no message and no reject", () => {
    expect(read(`${head}NOQUEUE: client=unknown[203.0.113.7]`)).toEqual([]);
  });

  test("NUL bytes before a line are counted, and the line is read", () => {
    expect(read(`\0\0\0${head}connect from unknown[203.0.113.7]`).map((r) => [r.kind, r.line.offset])).toEqual([
      ["unknown", 0],
      ["connect", 3],
    ]);
  });
});

describe("accounts are inherited", () => {
  const submit = `${head}9F2183652: client=unknown[203.0.113.7], sasl_method=PLAIN, sasl_username=jo`;
  test("by what a filter brings back", () => {
    const out = read(
      submit,
      "Nov 27 05:37:40 mx postfix/smtpd[5]: 8F2183652: client=localhost[127.0.0.1], orig_queue_id=9F2183652, orig_client=unknown[203.0.113.7]",
    );
    expect(out[1]).toMatchObject({ account: "jo", inherited: true, logged: false, clientAddress: "203.0.113.7" });
  });
  test("by a requeue", () => {
    const out = read(
      submit,
      "Nov 27 05:37:40 mx postfix/postsuper[6]: 9F2183652: requeued",
      "Nov 27 05:37:40 mx postfix/pickup[5]: 8F2183652: uid=998 from=<a@b.example> orig_id=9F2183652",
    );
    expect(out[2]).toMatchObject({ account: "jo", inherited: true, origin: "9F2183652", localUser: "uid:998" });
  });
  test("not by another message under a reused id", () => {
    const out = read(
      submit,
      "Nov 27 05:37:40 mx postfix/qmgr[6]: 9F2183652: removed",
      "Nov 27 05:37:40 mx postfix/smtpd[7]: 9F2183652: client=b[203.0.113.8]",
      "Nov 27 05:37:41 mx postfix/qmgr[6]: 9F2183652: from=<>, size=1, nrcpt=1 (queue active)",
    );
    expect(out[3]).toMatchObject({ kind: "envelope", account: null });
  });

  test("not where the log lost the line that ended the first message", () => {
    const out = read(submit, "Nov 27 05:38:40 mx postfix/smtpd[7]: 9F2183652: client=b[203.0.113.8]");
    expect(out[1]).toMatchObject({ kind: "submit", account: null });
    expect(out[1]).not.toMatchObject({ message: (out[0] as { message: string }).message });
  });

  test("not by a bounce under a reused id, which begins with cleanup's line", () => {
    const out = read(
      submit,
      "Nov 27 05:37:40 mx postfix/qmgr[6]: 9F2183652: removed",
      "Nov 27 05:37:41 mx postfix/cleanup[7]: 9F2183652: message-id=<b@mx.example>",
    );
    expect(out[2]).toMatchObject({ kind: "header", account: null });
  });
});
