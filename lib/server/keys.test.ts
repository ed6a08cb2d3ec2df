import { execFileSync } from "node:child_process";
import { statSync } from "node:fs";
import { expect, test } from "vitest";
import { madeKeyPath, makeKey } from "./keys";
import { freshState } from "./test-state";

freshState();

test("ssh-keygen reads the private half and finds the same public half in it", async () => {
  const { id, publicKey } = await makeKey("a@example.com");
  const file = madeKeyPath(id);
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(execFileSync("ssh-keygen", ["-y", "-f", file], { encoding: "utf8" }).trim()).toBe(publicKey);
  expect(() => madeKeyPath("../sluice.db")).toThrow(/make a new one/);
});
