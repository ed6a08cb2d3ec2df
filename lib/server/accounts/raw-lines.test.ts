import { describe, expect, test } from "vitest";
import { linesIn } from "./raw-lines";

const text = Buffer.from("first\nsecond\nthird\nfourth\nfifth\n");
const at = 1000;
const seen = (from: number, hits: number[], around: number) =>
  linesIn(text.subarray(from), { from, to: text.length, hits: new Map(hits.map((hit) => [hit, at])) }, around, "f").map(
    ({ text, hit, offset }) => `${offset} ${hit ? "*" : ""}${text}`,
  );

describe("lines of a range", () => {
  test("are the hits alone, at their offsets", () => {
    expect(seen(0, [6], 0)).toEqual(["6 *second"]);
  });
  test("come with their neighbours, each once", () => {
    expect(seen(0, [6, 13], 1)).toEqual(["0 first", "6 *second", "13 *third", "19 fourth"]);
  });
  test("never begin with a piece of a line", () => {
    expect(seen(8, [13], 5)).toEqual(["13 *third", "19 fourth", "26 fifth"]);
  });
  test("are none where another text stands at the place", () => {
    expect(seen(0, [7], 2)).toEqual([]);
  });
});
