import { expect, test } from "vitest";
import { reasonKey, reasonKeys } from "./reason";

test("what differs from message to message goes", () => {
  expect(reasonKey("connect to mx1.example.com[203.0.113.7]:25: Connection refused")).toBe(
    "connect to HOST:25: Connection refused",
  );
  expect(reasonKey("connect to mx1.example.com[2001:db8::7]:25: Connection timed out")).toBe(
    "connect to HOST:25: Connection timed out",
  );
  expect(
    reasonKey(
      "host mx.example.net[198.51.100.3] said: 451 4.7.1 <bob@example.net>: Recipient address rejected: Greylisted for 287 seconds (in reply to RCPT TO command)",
    ),
  ).toBe(
    "host HOST said: 451 4.7.1 <…>: Recipient address rejected: Greylisted for N seconds (in reply to RCPT TO command)",
  );
});

test("the code stays, since it is the reason", () => {
  expect(reasonKey("said: 421 4.3.2 try later")).not.toBe(reasonKey("said: 450 4.2.1 try later"));
});

test("hosts, mailboxes and ids of their own make one key", () => {
  const of = (n: number) =>
    reasonKey(`Host or domain name not found. Name service error for name=d${n}.example type=MX: Host not found`);
  expect(of(1)).toBe(of(99999));
  expect(reasonKey("4.2.2 user bob@example.net over quota a1b2c3d4e5")).toBe(
    reasonKey("4.2.2 user eve+x@example.org over quota ff00ff00ff"),
  );
});

test("hostile reasons end, and are short", () => {
  const started = [
    `${"a@".repeat(5000)}`,
    "<".repeat(9000),
    "[".repeat(9000),
    "1".repeat(9000),
    `x${"-".repeat(9000)}`,
  ];
  for (const reason of started) expect(reasonKey(reason).length).toBeLessThanOrEqual(300);
});

test("no reason is no key", () => {
  expect(reasonKeys()(null)).toBeNull();
  expect(reasonKeys()("x 17")).toBe("x N");
});
