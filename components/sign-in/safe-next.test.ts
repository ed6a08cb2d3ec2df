import { expect, test } from "vitest";
import { safeNext } from "./safe-next";

test("only a path of the dashboard is followed", () => {
  expect(safeNext("/hosts/mx1/queue?account=a%40b#x")).toBe("/hosts/mx1/queue?account=a%40b#x");
  for (const bad of [null, "", "https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:alert(1)"])
    expect(safeNext(bad)).toBe("/");
});
