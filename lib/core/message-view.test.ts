import fc from "fast-check";
import { expect, test } from "vitest";
import { readPostcat } from "./message-view";
import { decodeQuotedPrintable, decodeWords, harmless } from "./mime";

const head = `*** ENVELOPE RECORDS deferred/ABCDEF0123 ***
message_size:             512             700               2               0             512               0
message_arrival_time: Sat Nov 28 05:00:00 2026
create_time: Sat Nov 28 05:00:00 2026
named_attribute: sasl_method=PLAIN
named_attribute: sasl_username=eve@example.com
sender: forged@example.org
named_attribute: client_address=203.0.113.7
named_attribute: create_time=1764306000
done_recipient: al@example.net
recipient: bob@example.net
*** MESSAGE CONTENTS deferred/ABCDEF0123 ***
`;
const tail = `*** HEADER EXTRACTED deferred/ABCDEF0123 ***
named_attribute: encoding=8bit
*** MESSAGE FILE END deferred/ABCDEF0123 ***
`;
const read = (content: string, cut = false) =>
  readPostcat(new TextEncoder().encode(head + content + (cut ? "" : tail)), cut);

test("envelope, headers and body", () => {
  const shown = read("Subject: =?utf-8?Q?Gr=C3=BC=C3=9Fe?=\nX-Long: a\n\tb\n\nHello\n");
  expect(shown.envelope).toMatchObject({
    sender: "forged@example.org",
    account: "eve@example.com",
    client: "203.0.113.7",
    size: 512,
    arrival: 1764306000000,
    recipients: [
      { address: "al@example.net", done: true },
      { address: "bob@example.net", done: false },
    ],
  });
  expect(shown.headers).toEqual([
    { name: "Subject", value: "Grüße" },
    { name: "X-Long", value: "a b" },
  ]);
  expect(shown.body).toBe("Hello\n");
});

test("a message cannot speak for its envelope", () => {
  const fake = "*** HEADER EXTRACTED deferred/X ***\nnamed_attribute: sasl_username=innocent\nrecipient: x@y\n";
  const shown = read(`Subject: sasl_username=innocent\n\n${fake}`);
  expect(shown.envelope.account).toBe("eve@example.com");
  expect(shown.envelope.recipients).toHaveLength(2);
  expect(shown.body).toBe(fake);
  expect(read(`\n${fake}`, true).envelope.recipients).toHaveLength(2);
});

test("of a multipart the plain text, decoded", () => {
  const body = [
    'Content-Type: multipart/alternative; boundary="b 1"',
    "",
    "preamble",
    "--b 1",
    "Content-Type: text/html",
    "",
    "<script>alert(1)</script>",
    "--b 1",
    'Content-Type: text/plain; charset="iso-8859-1"',
    "Content-Transfer-Encoding: quoted-printable",
    "",
    "Gr=FC=DFe=",
    "!",
    "--b 1--",
    "",
  ].join("\n");
  expect(read(body).body).toBe("Grüße!");
});

test("base64 that is none, a charset that is none, a boundary that is none", () => {
  expect(read("Content-Transfer-Encoding: base64\n\nSGVsbG8@@\n").body).toBe("Hello");
  expect(read("Content-Type: text/plain; charset=nonsense\n\nHi\n").body).toBe("Hi\n");
  expect(read('Content-Type: multipart/mixed; boundary="(a+)+$"\n\nx\n').body).toBe("x\n");
  expect(read("Content-Type: application/pdf\n\n%PDF").body).toBe("[application/pdf]");
});

test("words of one charset are put together before they are decoded", () => {
  expect(decodeWords("=?utf-8?B?w6Q=?= =?UTF-8?Q?_b?=  =?utf-8?B?w?=")).toBe("ä b");
  expect(decodeWords("=?utf-8?Q?=C3?= =?utf-8?Q?=BC?=")).toBe("ü");
  expect(decodeWords("a =?x-none?Q?b?= c")).toBe("a b c");
  expect(decodeWords("=?utf-8?Q?no end")).toBe("=?utf-8?Q?no end");
});

test("what could act on the reader's screen is shown instead", () => {
  expect(harmless("a\u001b[31m\u202eb\nc")).toBe("a\u241b[31m\ufffdb\u240ac");
  expect(harmless("a\r\nb\tc\u0000", true)).toBe("a\nb\tc\u2400");
});

test("any bytes go through, quickly and harmless", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 500 }), fc.boolean(), (bytes, cut) => {
      const shown = readPostcat(bytes, cut);
      // biome-ignore lint/suspicious/noControlCharactersInRegex: that none is left is the point
      expect(shown.body).not.toMatch(/[\u0000-\u0008\u001b]/);
    }),
  );
  expect(read(`${"--x\n".repeat(50_000)}`).bodyCut).toBe(true);
  expect(read(`Content-Type: text/plain;${" ".repeat(100_000)}x\n\na`).body).toBe("a");
});

test("a line of half a million blanks is read like any other, and a word's last blank stays", () => {
  // A pattern that goes back over the run would take minutes.
  const long = `${" ".repeat(500_000)}x`;
  expect(decodeQuotedPrintable(long)).toBe(long);
  expect(decodeQuotedPrintable("a \t\r\nb=\r\nc ")).toBe("a\nbc ");
  expect(decodeWords("=?utf-8?q?a_?= =?utf-8?q?b?=")).toBe("a b");
});
