import { expect, test } from "vitest";
import { type Facet, grouper } from "./group";
import type { QueueMessage } from "./queue";
import type { QueueId } from "./queue-id";

const now = Date.UTC(2026, 0, 2);
const message = (over: Partial<QueueMessage>): QueueMessage => ({
  instance: "postfix",
  id: "ABCDEF0123" as QueueId,
  queue: "deferred",
  arrival: now - 60_000,
  size: 100,
  sender: "eve@example.com",
  account: null,
  client: null,
  recipients: [{ address: "bob@example.net", reason: null }],
  ...over,
});
const of = (facet: Facet, ...messages: Partial<QueueMessage>[]) => {
  const counting = grouper(facet, now);
  for (const over of messages) counting.add(message(over));
  return counting.groups();
};

test("the largest group first, with its bytes, recipients and oldest", () => {
  expect(of("account", { account: "b" }, { account: "a", size: 5 }, { account: "a", arrival: now - 90_000 })).toEqual([
    { key: "a", messages: 2, recipients: 2, bytes: 105, oldest: now - 90_000 },
    { key: "b", messages: 1, recipients: 1, bytes: 100, oldest: now - 60_000 },
  ]);
});

test("no account and an account named null are two groups", () => {
  expect(of("account", { account: null }, { account: "null" }).map((group) => group.key)).toEqual([null, "null"]);
});

test("a message is in the domain of each of its recipients, once", () => {
  const to = (address: string) => ({ address, reason: null });
  expect(of("recipientDomain", { recipients: [to("a@X.test"), to("b@x.test"), to("c@y.test")] })).toEqual([
    { key: "x.test", messages: 1, recipients: 2, bytes: 100, oldest: now - 60_000 },
    { key: "y.test", messages: 1, recipients: 1, bytes: 100, oldest: now - 60_000 },
  ]);
});

test("ages stand in their own order", () => {
  const ages = [299, 300, 3_600, 86_399].map((seconds) => ({ arrival: now - seconds * 1000 }));
  const odd = [{ arrival: now + 5_000 }, { arrival: now - 400_000_000 }];
  expect(of("age", ...odd, ...ages).map((group) => [group.key, group.messages])).toEqual([
    ["0-300", 2],
    ["300-3600", 1],
    ["3600-21600", 1],
    ["21600-86400", 1],
    ["86400-", 1],
  ]);
});

test("names of the language's own objects are names like others", () => {
  expect(of("account", { account: "__proto__" }, { account: "constructor" })).toHaveLength(2);
});
