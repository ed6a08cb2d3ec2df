import { expect, test } from "vitest";
import { perHour } from "./per-hour";

test("a window of no length has no rate", () => {
  expect(perHour(5, "2026-01-01T00:00:00Z", "2026-01-01T00:00:00Z")).toBe("0");
  expect(perHour(3, "2026-01-01T00:00:00Z", "2026-01-01T02:00:00Z")).toBe("1.5");
  expect(perHour(4000, "2026-01-01T00:00:00Z", "2026-01-01T02:00:00Z")).toBe("2000");
});
