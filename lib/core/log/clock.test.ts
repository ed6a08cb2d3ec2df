import { describe, expect, test } from "vitest";
import { Clock, fixedZone, namedZone } from "./clock";

const utc = fixedZone(0);
const iso = (at: number) => new Date(at).toISOString().slice(0, 19);

describe("the year of a time without one", () => {
  test("is the latest that the file's mtime allows, and rises at New Year", () => {
    const clock = new Clock(utc, Date.UTC(2027, 0, 2));
    expect(iso(clock.at(11, 31, 23, 59, 59))).toBe("2026-12-31T23:59:59");
    expect(iso(clock.at(0, 1, 0, 0, 1))).toBe("2027-01-01T00:00:01");
    // A process that was late with its line.
    expect(iso(clock.at(11, 31, 23, 59, 58))).toBe("2026-12-31T23:59:58");
  });

  test("has the leap day", () => {
    expect(iso(new Clock(utc, Date.UTC(2027, 5, 1)).at(1, 29, 12, 0, 0))).toBe("2024-02-29T12:00:00");
    expect(new Clock(utc, Date.UTC(2027, 5, 1)).at(1, 30, 12, 0, 0)).toBeNaN();
  });

  test("stays when the clock is set back", () => {
    const clock = new Clock(utc, Date.UTC(2026, 10, 28));
    clock.at(10, 20, 12, 0, 0);
    expect(iso(clock.at(10, 3, 12, 0, 0))).toBe("2026-11-03T12:00:00");
  });
});

describe("daylight saving in Berlin", () => {
  const berlin = namedZone("Europe/Berlin");
  test("an hour shown twice is read in order", () => {
    const clock = new Clock(berlin, Date.UTC(2026, 10, 1));
    expect(iso(clock.at(9, 25, 1, 59, 0))).toBe("2026-10-24T23:59:00");
    expect(iso(clock.at(9, 25, 2, 30, 0))).toBe("2026-10-25T00:30:00");
    expect(iso(clock.at(9, 25, 2, 59, 59))).toBe("2026-10-25T00:59:59");
    expect(iso(clock.at(9, 25, 2, 0, 1))).toBe("2026-10-25T01:00:01");
    expect(iso(clock.at(9, 25, 2, 30, 0))).toBe("2026-10-25T01:30:00");
    expect(iso(clock.at(9, 25, 3, 0, 0))).toBe("2026-10-25T02:00:00");
  });

  test("the hour left out in spring ends where summer begins", () => {
    const clock = new Clock(berlin, Date.UTC(2026, 4, 1));
    expect(iso(clock.at(2, 29, 1, 59, 59))).toBe("2026-03-29T00:59:59");
    expect(iso(clock.at(2, 29, 3, 0, 0))).toBe("2026-03-29T01:00:00");
  });
});
