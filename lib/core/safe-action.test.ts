import fc from "fast-check";
import { expect, test } from "vitest";
import type { MessageIdentity } from "./queue";
import type { QueueId } from "./queue-id";
import { differences, skipFor } from "./safe-action";

const planned: MessageIdentity = {
  instance: "postfix",
  id: "ABCDEF0123" as QueueId,
  arrival: 1764300000000,
  size: 512,
  sender: "eve@example.com",
  account: "eve@example.com",
};
const seen = (over: object = {}) => ({
  arrival: 1764300000123,
  size: 512,
  sender: "eve@example.com",
  account: "eve@example.com",
  ...over,
});

test("the same message is the same, to the second that a listing has", () => {
  expect(differences(planned, seen())).toEqual([]);
});

test("each difference counts", () => {
  expect(differences(planned, seen({ arrival: 1764300001000 }))).toEqual(["arrival"]);
  expect(differences(planned, seen({ size: 513 }))).toEqual(["size"]);
  expect(differences(planned, seen({ sender: "" }))).toEqual(["sender"]);
  expect(differences(planned, seen({ account: null }))).toEqual(["account"]);
});

test("a near miss is another", () => {
  for (const near of [
    "Eve@example.com",
    "eve+x@example.com",
    "eve@example.co",
    '"eve"@example.com',
    "ève@example.com",
    "eve@example.com\0",
  ]) {
    expect(differences(planned, seen({ account: near }))).toEqual(["account"]);
    expect(differences(planned, seen({ sender: near }))).toEqual(["sender"]);
  }
});

test("quotes that the listing adds are no difference", () => {
  const quoted = { ...planned, sender: '"a b\\"c"@example.com' };
  expect(differences(quoted, seen({ sender: 'a b"c@example.com' }))).toEqual([]);
  expect(differences({ ...planned, sender: "a?b@x" }, seen({ sender: "a\tb@x" }))).toEqual([]);
  expect(differences({ ...planned, sender: "a?b@x" }, seen({ sender: "acb@x" }))).toEqual(["sender"]);
});

test("a text that is not the planned account never passes", () => {
  fc.assert(
    fc.property(
      fc.string(),
      (text) => differences(planned, seen({ account: text })).length === (text === planned.account ? 0 : 1),
    ),
  );
});

test("another account's mail is told from another message", () => {
  expect(skipFor(["account"])).toBe("other-account");
  expect(skipFor(["account", "size"])).toBe("changed");
});
