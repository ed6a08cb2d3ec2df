// `npm test`: everything, one stage after the other: check, unit, build, host (on real mail hosts), browser. What fails is
// tried again, afresh and alone; what passes then is named as unsteady. The last line is "N passed, N failed".
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { onlyOne } from "./only-one.mjs";
import { ensureDebian, ensureNpm, ensureRoot } from "./packages.mjs";
import { closeRun, openRun } from "./registry.mjs";
import { ensureRoomForTemporary } from "./room.mjs";
import { kept, runStage, stages } from "./stages.mjs";

const only = process.argv.slice(2);
for (const name of only)
  if (!(name in stages)) {
    process.stderr.write(`There is no stage ${name}; stages: ${Object.keys(stages).join(", ")}\n`);
    process.exit(2);
  }
ensureRoot("npm test starts real mail hosts and");
onlyOne("npm test");
ensureNpm();
ensureDebian("mailhost", "tests");
ensureRoomForTemporary(2000);
rmSync(kept, { recursive: true, force: true });
mkdirSync(kept, { recursive: true });

const run = openRun();
let interrupted = false;
let endStage = () => {};
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"])
  process.on(signal, () => {
    interrupted = true;
    endStage();
  });

let passed = 0;
let skipped = 0;
const failed = [];
const unsteady = [];
const times = [];
for (const name of Object.keys(stages)) {
  if (interrupted || (only.length > 0 && !only.includes(name))) continue;
  process.stdout.write(`\n== ${name}\n`);
  const seen = await runStage(run, name, {
    onStart: (end) => {
      endStage = end;
    },
    stopped: () => interrupted,
  });
  passed += seen.passed;
  skipped += seen.skipped;
  failed.push(...seen.failed);
  unsteady.push(...seen.unsteady);
  times.push(`${name}: ${seen.passed} passed, ${seen.failed.length} failed, ${seen.seconds} s`);
}

const left = await closeRun(run);
const say = (line) => process.stdout.write(`${line}\n`);
say(`\n${times.join("\n")}`);
for (const what of left) say(`left behind, ended now: ${what}`);
for (const [kind, tests] of Object.entries({ unsteady, failed }))
  for (const [at, { name, output }] of tests.entries()) {
    const place = join(kept, `${kind}-${at + 1}.txt`);
    writeFileSync(place, `${name}\n\n${output}\n`);
    say(`${kind}: ${name} (${place})`);
  }
if (interrupted) {
  say("Interrupted.");
  process.exit(130);
}
say(`${passed} passed, ${failed.length} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`);
process.exit(failed.length === 0 && passed > 0 ? 0 : 1);
