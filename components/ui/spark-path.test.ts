import { expect, test } from "vitest";
import { sparkPath } from "./spark-path";

test("the greatest value is near the top and zero at the bottom", () => {
  expect(sparkPath([0, 10, 5], 100, 23)).toEqual({
    line: "M0 22L50 2L100 12",
    area: "M0 22L50 2L100 12L100 23L0 23Z",
  });
});
