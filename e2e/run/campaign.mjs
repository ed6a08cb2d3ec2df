// `npm run campaign -- NAME [rounds=N] [seed=N]`: random faults and kills, each round with a seed of its own: seed, seed + 1
// and so on. A failed round prints its seed; the same name with `rounds=1 seed=THAT` runs it again.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { build } from "./build.mjs";
import { onlyOne } from "./only-one.mjs";
import { ensureDebian, ensureNpm, ensureRoot } from "./packages.mjs";
import { closeRun, openRun, start } from "./registry.mjs";
import { ensureRoomForTemporary } from "./room.mjs";

/** What a round of each runs, and how much of it. */
const campaigns = {
  purge: {
    says: "the host's script, sshd, the link or the dashboard struck in purge and undo",
    file: "e2e/faults.host.test.ts",
    env: { SLUICE_ROUNDS: "4", SLUICE_MESSAGES: "1000", SLUICE_HONEST: "200" },
  },
  following: {
    says: "the log rotated, links broken and the dashboard killed while mail flows",
    file: "e2e/log-following.host.test.ts",
    env: { SLUICE_ROUNDS: "14" },
  },
  delivery: {
    says: "a purge while its mail is being delivered",
    file: "lib/server/actions/delivery.host.test.ts",
    env: { SLUICE_MESSAGES: "400" },
  },
  ids: {
    says: "queue ids that are used again between plan and purge",
    file: "lib/server/actions/hard-cases.host.test.ts",
    env: { SLUICE_ROUNDS: "100" },
  },
};

const [name, ...rest] = process.argv.slice(2);
const campaign = campaigns[name];
const given = Object.fromEntries(rest.map((word) => word.split("=")));
const rounds = Number(given.rounds ?? 10);
const first = Number(given.seed ?? Date.now() % 1_000_000);
if (!campaign || ![rounds, first].every((n) => Number.isInteger(n) && n >= 0)) {
  process.stderr.write("usage: npm run campaign -- NAME [rounds=10] [seed=N]\n");
  for (const [key, { says }] of Object.entries(campaigns)) process.stderr.write(`  ${key.padEnd(10)} ${says}\n`);
  process.exit(2);
}
ensureRoot("npm run campaign starts real mail hosts and");
onlyOne("npm test");
ensureNpm();
ensureDebian("mailhost", "tests");
ensureRoomForTemporary(2000);
if (!build()) process.exit(1);

const kept = join("build", "campaign");
mkdirSync(kept, { recursive: true });
const run = openRun();
let interrupted = false;
let end = () => {};
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"])
  process.on(signal, () => {
    interrupted = true;
    end();
  });
let passed = 0;
const failed = [];
for (let seed = first; seed < first + rounds && !interrupted; seed += 1) {
  let output = "";
  const program = start(run, "node_modules/.bin/vitest", ["run", "--project", "host", campaign.file], {
    env: { ...campaign.env, SLUICE_SEED: String(seed) },
    onOutput: (bytes) => {
      output += bytes;
    },
  });
  end = program.end;
  const code = await program.ended;
  if (interrupted) break;
  const place = join(kept, `${name}-${seed}.log`);
  if (code === 0) passed += 1;
  else {
    failed.push(seed);
    writeFileSync(place, output);
  }
  process.stdout.write(`${name} seed=${seed}: ${code === 0 ? "passed" : `failed, see ${place}`}\n`);
}
for (const what of await closeRun(run)) process.stdout.write(`left behind, ended now: ${what}\n`);
if (failed.length > 0) process.stdout.write(`failed seeds: ${failed.join(", ")}\n`);
process.stdout.write(`${passed} passed, ${failed.length} failed\n`);
process.exit(interrupted ? 130 : failed.length === 0 && passed > 0 ? 0 : 1);
