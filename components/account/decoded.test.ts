import { expect, test } from "vitest";
import { decoded } from "./decoded";

test("what encodeURIComponent made comes back", () => {
  for (const account of ["a@x", "a/../b", "100%25", "%", "ü+tag@x y"])
    expect(decoded(encodeURIComponent(account))).toBe(account);
  expect(decoded("%E0%A4%A")).toBe("%E0%A4%A");
});
