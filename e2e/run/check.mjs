// `npm run check`: types, lint with the import rules, and the shell scripts. Each part runs even when another failed.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { ensureNpm } from "./packages.mjs";

ensureNpm();

function tracked(...patterns) {
  const { stdout } = spawnSync("git", ["ls-files", "--cached", "--others", "--exclude-standard", ...patterns], {
    encoding: "utf8",
  });
  return stdout.split("\n").filter((file) => file && existsSync(file));
}

export const parts = [
  ["next types", "node_modules/.bin/next", ["typegen"]],
  ["tsc", "node_modules/.bin/tsc", ["--noEmit"]],
  ["biome", "node_modules/.bin/biome", ["check", "--error-on-warnings", "."]],
  ["shellcheck", "shellcheck", ["-s", "sh", "-S", "warning", ...tracked("*.sh", ".ci/run")]],
];

const failed = parts.filter(([name, command, args]) => {
  const { status, error } = spawnSync(command, args, {
    stdio: ["ignore", name === "next types" ? "ignore" : "inherit", "inherit"],
  });
  if (error?.code === "ENOENT") process.stderr.write(`${command} is missing: apt-get install ${command}, or npm ci\n`);
  process.stdout.write(`check ${name}: ${status === 0 ? "ok" : "failed"}\n`);
  return status !== 0;
});
process.exit(failed.length === 0 ? 0 : 1);
