import { expect, test } from "vitest";
import { visiblePieces, visibleText } from "./visible-text";

test("characters that act or hide are named", () => {
  expect(visibleText("a\u001b[31m\r\nb\u0000\u202ecod.exe\u200b\u2028")).toBe(
    "a\\x1b[31m\\r\\nb\\0U+202Ecod.exeU+200BU+2028",
  );
});

test("ordinary text of every script stays as it is", () => {
  expect(visiblePieces("Ünï 漢字 مرحبا 😀")).toEqual([{ text: "Ünï 漢字 مرحبا 😀", control: false }]);
});

test("line feeds stay in text that has lines, carriage returns do not", () => {
  expect(visiblePieces("a\r\nb", true)).toEqual([
    { text: "a", control: false },
    { text: "\\r", control: true },
    { text: "\nb", control: false },
  ]);
});
