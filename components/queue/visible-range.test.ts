import { expect, test } from "vitest";
import { visibleRange } from "./visible-range";

test("what is in view and some around", () => {
  expect(visibleRange(0, 310, 31, 100_000, 2)).toEqual({ first: 0, last: 12 });
  expect(visibleRange(31_000, 310, 31, 100_000, 2)).toEqual({ first: 998, last: 1012 });
});

test("never past the rows that are there, however far it was scrolled before", () => {
  expect(visibleRange(1e9, 310, 31, 50)).toEqual({ first: 50, last: 50 });
  expect(visibleRange(-40, 310, 31, 3)).toEqual({ first: 0, last: 3 });
});
