import fc from "fast-check";
import { expect, test } from "vitest";
import { glob } from "./glob";

test("the whole text counts, and case does not", () => {
  expect(glob("*@example.com")("Eve@Example.COM")).toBe(true);
  expect(glob("*@example.com")("eve@example.com.evil.test")).toBe(false);
  expect(glob("eve")("eve@example.com")).toBe(false);
  expect(glob("ev?@*")("eve@x")).toBe(true);
  expect(glob("ev?@*")("ev@x")).toBe(false);
  expect(glob("?")("😀")).toBe(true);
  expect(glob("")("")).toBe(true);
  expect(glob("")("a")).toBe(false);
});

test("what means something in a regular expression means itself", () => {
  expect(glob("a.c")("abc")).toBe(false);
  expect(glob("(a+)+$")("(a+)+$")).toBe(true);
  expect(glob("[ab]")("a")).toBe(false);
});

test("a pattern that would make a backtracking matcher stall ends", () => {
  expect(glob(`${"*a".repeat(200)}b`)("a".repeat(2000))).toBe(false);
});

test("a text is matched by itself and by itself with stars put in", () => {
  const plain = fc.string({ unit: fc.constantFrom("a", "b", "@", ".", "é") });
  fc.assert(
    fc.property(plain, fc.nat(20), (text, at) => {
      const cut = Math.min(at, text.length);
      return glob(text)(text) && glob(`${text.slice(0, cut)}*`)(text) && glob(`*${text.slice(cut)}`)(text);
    }),
  );
});

test("it agrees with a plain recursive definition", () => {
  const slow = (p: string, t: string): boolean => {
    if (p === "") return t === "";
    if (p[0] === "*") return slow(p.slice(1), t) || (t !== "" && slow(p, t.slice(1)));
    return t !== "" && (p[0] === "?" || p[0] === t[0]) && slow(p.slice(1), t.slice(1));
  };
  const letters = (...from: string[]) => fc.string({ unit: fc.constantFrom(...from), maxLength: 8 });
  fc.assert(fc.property(letters("a", "b", "*", "?"), letters("a", "b"), (p, t) => glob(p)(t) === slow(p, t)));
});
