// `npm run bench -- log=100 purge=10000`: packages, build, then e2e/bench.
import { spawnSync } from "node:child_process";
import { build } from "./build.mjs";
import { ensureDebian, ensureNpm, ensureRoot } from "./packages.mjs";

ensureRoot("npm run bench starts real mail hosts and");
ensureNpm();
ensureDebian("mailhost", "tests");
if (!build()) process.exit(1);
const { status } = spawnSync(process.execPath, ["--import", "tsx", "e2e/bench/main.ts", ...process.argv.slice(2)], {
  stdio: "inherit",
});
process.exit(status ?? 1);
