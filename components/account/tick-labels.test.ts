import { expect, test } from "vitest";
import { tickLabels } from "./tick-labels";

test("the day stands where it changes", () => {
  const at = new Date(2026, 10, 27, 23, 30).getTime() / 1000;
  expect(tickLabels([at, at + 1800, at + 3600], 1800)).toEqual(["23:30\n27 Nov", "00:00\n28 Nov", "00:30"]);
  expect(tickLabels([at], 86_400)).toEqual(["27 Nov"]);
});
