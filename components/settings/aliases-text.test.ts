import { expect, test } from "vitest";
import { aliasesToText, textToAliases } from "./aliases-text";

test("text and aliases, there and back", () => {
  const aliases = { "ann@x.example": ["sales@x.example", "y.example"], bob: ["z.example"] };
  expect(textToAliases(aliasesToText(aliases))).toEqual({ aliases, wrong: [] });
});

test("a line that is none is named", () => {
  expect(textToAliases("ann\n: x\nbob:\n").wrong).toEqual(["ann", ": x", "bob:"]);
});
