import fc from "fast-check";
import { expect, test } from "vitest";
import { interner, parsePostqueueLine } from "./postqueue";

const line = (over: object = {}) =>
  JSON.stringify({
    queue_name: "deferred",
    queue_id: "4Yx2Mn1sLRz9vPw",
    arrival_time: 1764300000,
    message_size: 512,
    forced_expire: false,
    sender: "eve@example.com",
    recipients: [{ address: "bob@example.net", delay_reason: "refused" }, { address: "al@example.net" }],
    ...over,
  });

test("a line is a message", () => {
  expect(parsePostqueueLine("postfix", line())).toEqual({
    instance: "postfix",
    id: "4Yx2Mn1sLRz9vPw",
    queue: "deferred",
    arrival: 1764300000000,
    size: 512,
    sender: "eve@example.com",
    account: undefined,
    client: undefined,
    recipients: [
      { address: "bob@example.net", reason: "refused" },
      { address: "al@example.net", reason: null },
    ],
  });
});

test("MAILER-DAEMON is the null sender", () => {
  expect(parsePostqueueLine("postfix", line({ sender: "MAILER-DAEMON" }))?.sender).toBe("");
});

test("what is no message is none", () => {
  const wrong: object[] = [
    { queue_id: "ALL" },
    { queue_id: "-" },
    { queue_id: "4Yx2Mn1sLRz9vPw\n-d" },
    { queue_name: "../hold" },
    { queue_name: "__proto__" },
    { arrival_time: "1" },
    { arrival_time: -1 },
    { arrival_time: 1e300 },
    { message_size: 0.5 },
    { sender: null },
    { recipients: {} },
    { recipients: [null] },
    { recipients: [{ address: 1 }] },
  ];
  for (const over of wrong) expect(parsePostqueueLine("postfix", line(over))).toBeNull();
  for (const text of ["", "null", "[]", "{", '"x"', line().slice(0, -1)])
    expect(parsePostqueueLine("postfix", text)).toBeNull();
});

test("a line cut anywhere is no message", () => {
  const whole = line();
  for (let at = 0; at < whole.length; at++) expect(parsePostqueueLine("postfix", whole.slice(0, at))).toBeNull();
});

test("any JSON goes through without an error", () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      expect(() => parsePostqueueLine("postfix", JSON.stringify(value))).not.toThrow();
    }),
  );
});

test("equal texts are kept once", () => {
  const intern = interner();
  expect(intern("__proto__")).toBe("__proto__");
  expect(intern(`a${"b"}`)).toBe("ab");
});
