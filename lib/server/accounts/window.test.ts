import { describe, expect, test } from "vitest";
import { windowOf } from "./window";

const now = Date.UTC(2026, 10, 27, 12);
const known = { from: now - 1e9, to: now - 5000 };

describe("the window of a call", () => {
  test("is the last day when nothing is said", () => {
    expect(windowOf({}, known, now)).toEqual({ from: now - 86_400_000, to: now });
  });
  test("reaches back from now, by minutes, hours and days", () => {
    expect(windowOf({ last: "15m" }, known, now).from).toBe(now - 900_000);
    expect(windowOf({ last: "2h" }, known, now).from).toBe(now - 7_200_000);
    expect(windowOf({ last: "7d" }, known, now).from).toBe(now - 604_800_000);
  });
  test("of all is all that is stored, and lines of a clock that is ahead belong to it", () => {
    expect(windowOf({ last: "all" }, known, now)).toEqual({ from: known.from, to: now });
    expect(windowOf({ last: "all" }, { from: 1, to: now + 60_000 }, now).to).toBe(now + 60_000);
  });
  test("takes both ends as given, with their zones", () => {
    const window = windowOf({ from: "2026-11-27T10:00:00+02:00", to: "2026-11-27T09:00:00Z" }, known, now);
    expect(window).toEqual({ from: Date.UTC(2026, 10, 27, 8), to: Date.UTC(2026, 10, 27, 9) });
  });
  test("that ends before it begins is refused", () => {
    expect(() => windowOf({ from: "2026-11-27T10:00:00Z", to: "2026-11-27T09:00:00Z" }, known, now)).toThrow(
      /before it begins/,
    );
  });
});
