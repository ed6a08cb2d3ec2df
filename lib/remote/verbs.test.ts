import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { commandFor } from "./host-script";
import { type Shape, verbs } from "./verbs";

const file = new URL("host.sh", import.meta.url).pathname;
const script = readFileSync(file, "utf8");

test("the script's table is the table of verbs.ts", () => {
  const table = /^table='\n([^']*)'/m.exec(script)?.[1]?.trim().split("\n");
  const expected = Object.entries<Shape>(verbs).map(
    ([name, { does, params, item }]) => `${name} ${does} ${params.join(",") || "-"} ${item.join(",") || "-"}`,
  );
  expect(table?.sort()).toEqual(expected.sort());
});

test("every verb has its function", () => {
  for (const name of Object.keys(verbs)) expect(script).toContain(`\nverb_${name.replaceAll("-", "_")}() {`);
});

test("the command fits into one argument of exec (128 KiB), with room", () => {
  expect(commandFor("archive-delete", { user: "someone", lockedDown: false }).length).toBeLessThan(100_000);
});

test("locked down, nothing but the verb travels", () => {
  expect(commandFor("hold", { user: "x", lockedDown: true })).toBe("sluice hold");
});

test("dash takes the script, and shellcheck has nothing against it", () => {
  expect(spawnSync("dash", ["-n", file]).status).toBe(0);
  const said = spawnSync("shellcheck", ["-s", "sh", "-S", "warning", file], { encoding: "utf8" });
  if (said.error) return;
  expect(said.stdout).toBe("");
});

/** As a forced command: the client's words come in the environment. */
function forced(words: string, stdin = "") {
  return spawnSync("sh", [file], {
    input: stdin,
    env: { ...process.env, SSH_ORIGINAL_COMMAND: words },
    encoding: "utf8",
  });
}

test.each([
  "sh",
  "sluice",
  "sluice rm",
  "sluice hold;id",
  "sluice ../x",
  "sluice '' hold",
  "sh -c id",
  "sluice $(id)",
  "",
])("the forced command refuses %j", (words) => {
  const { stdout, status } = forced(words);
  expect(stdout).toMatch(/^e\t64\t0\t/);
  expect(status).toBe(64);
});

test.each([
  "",
  "sluice1",
  "sluice1 0 x\n",
  "sluice1 1 e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855\n",
  "{}\n",
])("the script refuses the request %j", (stdin) => {
  expect(forced("sluice hold", stdin).stdout).toMatch(/^e\t(65|77)\t0\t/);
});
