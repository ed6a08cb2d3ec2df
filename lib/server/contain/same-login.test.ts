import { expect, test } from "vitest";
import { spelledOtherwise, warnOf } from "./same-login";

test("logins that differ in case alone are told, and no others", () => {
  const others = ["Ann@a.example", "ann@a.example", "ann@A.example", "joann@a.example"];
  expect(spelledOtherwise("ann@a.example", others)).toEqual(["Ann@a.example", "ann@A.example"]);
  expect(warnOf("ann@a.example", ["Ann@a.example"], false)).toContain("also for Ann@a.example.");
  expect(warnOf("ann@a.example", ["Ann@a.example"], true)).toContain("Ann@a.example is another login");
  expect(warnOf("é@a.example", ["É@a.example"], true)).toContain("also for É@a.example.");
  expect(warnOf("ann@a.example", [], false)).toBe("");
});
