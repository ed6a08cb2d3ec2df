import { expect, test } from "vitest";
import type { Filter } from "./filter";
import { canBePlanned, confirms, confirmText, planCounter, warningsOf } from "./plan";
import type { QueueMessage } from "./queue";
import type { QueueId } from "./queue-id";

const message = (over: Partial<QueueMessage>): QueueMessage => ({
  instance: "postfix",
  id: "ABCDEF0123" as QueueId,
  queue: "deferred",
  arrival: 0,
  size: 100,
  sender: "eve@example.com",
  account: "eve",
  client: null,
  recipients: [{ address: "bob@example.net", reason: null }],
  ...over,
});
const numbers = (...given: Partial<QueueMessage>[]) => {
  const counter = planCounter();
  for (const over of given) counter.add(message(over));
  return counter.numbers();
};
const codes = (filter: Filter, ...given: Partial<QueueMessage>[]) =>
  warningsOf("purge", filter, numbers(...given), { left: 0, age: 0 }).map(({ code }) => code);

test("counts and tops", () => {
  expect(numbers({}, { sender: "x", account: null, queue: "active" }, {})).toEqual({
    messages: 3,
    recipients: 3,
    bytes: 300,
    queues: [
      { queue: "deferred", messages: 2 },
      { queue: "active", messages: 1 },
    ],
    senders: [
      { key: "eve@example.com", messages: 2 },
      { key: "x", messages: 1 },
    ],
    senderCount: 2,
    accounts: [
      { key: "eve", messages: 2 },
      { key: null, messages: 1 },
    ],
    accountCount: 2,
  });
});

test("mail of other accounts is the first warning", () => {
  const all = warningsOf("purge", { sender: ["x"] }, numbers({}, {}, { account: "al" }, { account: null }), {
    left: 0,
    age: 0,
  });
  expect(all.map(({ message }) => message)).toEqual([
    "Includes 1 message of other accounts than eve (al 1).",
    "Includes 1 message that no login sent: incoming, local or bounced mail.",
  ]);
  expect(codes({ account: ["eve"] }, {}, {})).toEqual([]);
});

test("delivery, the whole queue, what is left out and an old listing are said", () => {
  expect(codes({ everything: true }, { queue: "active" })).toEqual(["in_delivery", "everything"]);
  const old = warningsOf("release", { account: ["eve"] }, numbers({}), { left: 2, age: 31 });
  expect(old.map(({ code }) => code)).toEqual(["not_included", "listing_age"]);
});

test("only what the action can act on is planned", () => {
  expect(canBePlanned("purge", message({ queue: "maildrop" }))).toBe(false);
  expect(canBePlanned("release", message({}))).toBe(false);
  expect(canBePlanned("hold", message({ queue: "hold" }))).toBe(false);
  expect(canBePlanned("purge", message({ queue: "hold" }))).toBe(true);
});

test("what must be typed", () => {
  expect(confirmText("purge", { account: ["eve"] }, 101, 100)).toBe("eve");
  expect(confirmText("purge", { account: ["eve"], queue: ["hold"] }, 101, 100)).toBe("101");
  expect(confirmText("purge", { account: [""] }, 101, 100)).toBe("101");
  expect(confirmText("purge", { account: ["eve"] }, 100, 100)).toBeNull();
  expect(confirmText("hold", { everything: true }, 1e6, 0)).toBeNull();
});

test("a typed text or the exact count confirms, and nothing else", () => {
  expect(confirms("eve", 500, "eve")).toBe(true);
  expect(confirms("eve", 500, 500)).toBe(true);
  expect(confirms("eve", 500, "500")).toBe(true);
  for (const wrong of [true, undefined, "Eve", "", 499, "5", "true"]) expect(confirms("eve", 500, wrong)).toBe(false);
  expect(confirms(null, 5, undefined)).toBe(true);
});
