import { execFileSync } from "node:child_process";
import { expect, test } from "vitest";
import { tarEnd, tarHeader, tarPadding } from "./tar";

test("tar itself reads it", () => {
  const files = [
    ["4Yx2Mn1sLRz9vPw.eml", "a".repeat(513)],
    ["B.eml", ""],
  ] as const;
  const parts = files.flatMap(([name, text]) => [
    tarHeader(name, text.length, 1764300000),
    Buffer.from(text),
    tarPadding(text.length),
  ]);
  const tar = Buffer.concat([...parts, tarEnd]);
  expect(execFileSync("tar", ["-tf", "-"], { input: tar }).toString()).toBe("4Yx2Mn1sLRz9vPw.eml\nB.eml\n");
  expect(execFileSync("tar", ["-xOf", "-", "4Yx2Mn1sLRz9vPw.eml"], { input: tar }).toString()).toBe(files[0][1]);
});
