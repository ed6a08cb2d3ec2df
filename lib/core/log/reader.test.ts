import { describe, expect, test } from "vitest";
import type { LogRecord } from "../log-record";
import { fixedZone } from "./clock";
import { LogReader } from "./reader";

const notAfter = Date.UTC(2026, 10, 28, 12);

function records(text: string, cuts: number[] = []): LogRecord[] {
  const reader = new LogReader({ file: 1, offset: 0, zone: fixedZone(0), notAfter });
  const out: LogRecord[] = [];
  const bytes = Buffer.from(text);
  let start = 0;
  for (const cut of [...cuts, bytes.length]) {
    reader.feed(bytes.subarray(start, cut), (record) => out.push(record));
    start = cut;
  }
  reader.end((record) => out.push(record));
  return out;
}

const session = `Nov 28 05:37:39 mx postfix/submission/smtpd[411]: connect from unknown[203.0.113.7]
Nov 28 05:37:40 mx postfix/submission/smtpd[411]: 5C1B220A1F: client=unknown[203.0.113.7], sasl_method=PLAIN, sasl_username=jo smith@example.net, sasl_sender=x@example.com
Nov 28 05:37:40 mx postfix/cleanup[412]: 5C1B220A1F: message-id=<1@example.net>
Nov 28 05:37:40 mx postfix/qmgr[9]: 5C1B220A1F: from=<jo@example.net>, size=512, nrcpt=1 (queue active)
Nov 28 05:37:41 mx postfix/smtp[413]: 5C1B220A1F: to=<"a, b> c"@example.org>, relay=mx.example.org[198.51.100.2]:25, delay=0.4, delays=0.1/0/0.1/0.2, tls=dane/!requiretls:nocertmatch, dsn=2.0.0, status=sent (250 2.0.0 Ok: queued as 9F)
Nov 28 05:37:41 mx postfix/qmgr[9]: 5C1B220A1F: removed
Nov 28 05:37:42 mx postfix/submission/smtpd[411]: disconnect from unknown[203.0.113.7] ehlo=1 auth=8/14 mail=1 commands=3/19
`;

describe("a session", () => {
  test("becomes connect, submit, header, envelope, delivery, end and disconnect", () => {
    const out = records(session);
    expect(out.map((r) => r.kind)).toEqual([
      "connect",
      "submit",
      "header",
      "envelope",
      "delivery",
      "end",
      "disconnect",
    ]);
    expect(out[1]).toMatchObject({
      account: "jo smith@example.net",
      saslSender: "x@example.com",
      session: "1:0",
      logged: true,
      at: Date.UTC(2026, 10, 28, 5, 37, 40),
    });
    expect(out[4]).toMatchObject({ recipient: '"a, b> c"@example.org', account: "jo smith@example.net", delay: 0.4 });
    expect(out[6]).toMatchObject({ authOk: 8, authTried: 14, account: "jo smith@example.net" });
  });

  test("reads the same however the bytes are cut", () => {
    const whole = records(session);
    for (let cut = 1; cut < session.length; cut += 7) expect(records(session, [cut])).toEqual(whole);
  });
});
