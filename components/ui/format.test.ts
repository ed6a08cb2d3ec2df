import { expect, test } from "vitest";
import { formatAgo, formatBytes, formatDuration, plural, shortCount } from "./format";

test("counts", () => {
  expect([0, 9_999, 12_400, 999_499, 1_234_567].map(shortCount)).toEqual(["0", "9,999", "12.4k", "999k", "1.2M"]);
  expect([plural(1, "reply", "replies"), plural(1200, "message")]).toEqual(["1 reply", "1,200 messages"]);
});

test("bytes never show four digits of a unit", () => {
  expect([0, 1023, 1024, 1_047_552, 1_048_576, 5e12].map(formatBytes)).toEqual([
    "0 B",
    "1023 B",
    "1 KiB",
    "1023 KiB",
    "1 MiB",
    "4.5 TiB",
  ]);
});

test("durations and ages", () => {
  expect([0, 59, 61, 3_600, 7_500, 90_000].map(formatDuration)).toEqual([
    "0 s",
    "59 s",
    "1 min 1 s",
    "1 h",
    "2 h 5 min",
    "1 d 1 h",
  ]);
  expect(formatAgo(1_000, 1_500)).toBe("now");
  expect(formatAgo(0, 180_000)).toBe("3 min ago");
  expect(formatAgo(7_200_000, 0)).toBe("in 2 h");
});
