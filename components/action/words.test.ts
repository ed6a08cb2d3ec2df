import { expect, test } from "vitest";
import { filterWords, timeLeft } from "./words";

test("a filter in words", () => {
  expect(filterWords({ account: ["a@x", ""], queue: ["hold"], except: { client: ["192.0.2.1"] } })).toBe(
    "account a@x or none; queue hold; not client 192.0.2.1",
  );
  expect(filterWords({ ids: ["A", "B"] })).toBe("2 chosen");
});

test("time left needs a rate", () => {
  expect(timeLeft({ planned: 100, done: 40, perSecond: 20 })).toBe(3);
  expect(timeLeft({ planned: 100, done: 40, perSecond: 0 })).toBeNull();
});
