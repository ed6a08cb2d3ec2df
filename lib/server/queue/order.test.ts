import { expect, test } from "vitest";
import type { QueueMessage } from "../../core/queue";
import { placesBy } from "./order";

const messages = [
  [5, 30],
  [2, 10],
  [9, 10],
  [2, 99],
].map(([arrival = 0, size = 0]) => ({ arrival: 1764300000000 + arrival * 1000, size }) as QueueMessage);

test("oldest, newest, smallest and largest first, ties as listed", () => {
  expect(placesBy(messages, "arrival")).toEqual([1, 3, 0, 2]);
  expect(placesBy(messages, "-arrival")).toEqual([2, 0, 1, 3]);
  expect(placesBy(messages, "size")).toEqual([1, 2, 0, 3]);
  expect(placesBy(messages, "-size")).toEqual([3, 0, 1, 2]);
});
