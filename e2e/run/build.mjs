// `npm run build`: builds the dashboard, once for the same sources. The hash of what was built stands beside the build.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterOthers } from "./only-one.mjs";
import { ensureNpm } from "./packages.mjs";
import { endIfInterrupted, ensureRoomHere } from "./room.mjs";

const dist = process.env.SLUICE_DIST ?? ".next";
const stamp = join(dist, "sluice-sources");

/** By the files themselves, not by git: a copy without it, or owned by somebody else, is not built at every start. */
function sourcesHash() {
  // public is served as it stands, so it does not count.
  const within = ["app", "components", "lib"].flatMap((folder) =>
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath ?? entry.path, entry.name)),
  );
  const top = readdirSync(".").filter((file) => /\.(ts|mjs|json)$/.test(file) && file !== "next-env.d.ts");
  const hash = createHash("sha256").update(process.version);
  for (const file of [...top, ...within].sort())
    if (!/\.(test|spec)\.tsx?$/.test(file)) hash.update(`\0${file}\0`).update(readFileSync(file));
  return hash.digest("hex");
}

const isBuilt = (hash) =>
  existsSync(join(dist, "BUILD_ID")) && existsSync(stamp) && readFileSync(stamp, "utf8") === hash;

/** Returns true when a build of these sources stands in the end. */
export function build() {
  const hash = sourcesHash();
  if (isBuilt(hash)) {
    process.stdout.write("The build is up to date.\n");
    return true;
  }
  ensureRoomHere(400);
  return afterOthers(() => isBuilt(hash) || buildNow(hash));
}

function buildNow(hash) {
  const env = { ...process.env, NEXT_TELEMETRY_DISABLED: "1", NODE_ENV: "production" };
  process.stdout.write("Building the dashboard (about a minute) …\n");
  for (const step of [
    ["node_modules/next/dist/bin/next", "build"],
    ["lib/server/collect/build-worker.mjs"],
    ["lib/demo/build.mjs"],
  ]) {
    const done = spawnSync(process.execPath, step, { encoding: "utf8", env });
    endIfInterrupted(done);
    if (done.status === 0) continue;
    process.stderr.write(`${done.stdout}${done.stderr}`);
    return false;
  }
  writeFileSync(stamp, hash);
  process.stdout.write("Built.\n");
  return true;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  ensureNpm();
  process.exit(build() ? 0 : 1);
}
