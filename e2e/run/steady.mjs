// `npm run steady -- N [STAGE…]`: the mail host and browser stages N times with every core kept busy, nothing tried again,
// to find tests that pass only on a quiet machine. Prints a table of those that ever failed, with what they said.
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { join } from "node:path";
import { onlyOne } from "./only-one.mjs";
import { ensureDebian, ensureNpm, ensureRoot } from "./packages.mjs";
import { closeRun, openRun, start } from "./registry.mjs";
import { ensureRoomForTemporary } from "./room.mjs";
import { kept, runStage, stages } from "./stages.mjs";

const [count = "3", ...asked] = process.argv.slice(2);
const rounds = Number(count);
const names = asked.length > 0 ? asked : ["host", "browser"];
if (!Number.isInteger(rounds) || rounds < 1 || names.some((name) => !(name in stages))) {
  process.stderr.write(`usage: npm run steady -- ROUNDS [${Object.keys(stages).join(" | ")}]\n`);
  process.exit(2);
}
ensureRoot("npm run steady starts real mail hosts and");
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
const options = {
  tries: 1,
  onStart: (end) => {
    endStage = end;
  },
  stopped: () => interrupted,
};

/** Name → rounds in which it failed, and the output of the first failure. */
const failures = new Map();
let passed = 0;
if ((await runStage(run, "build", options)).failed.length > 0) process.exitCode = 1;
const burners = cpus().map(() => start(run, process.execPath, ["-e", "for (;;);"], { onOutput: () => {} }));
for (let round = 1; round <= rounds && !interrupted; round += 1)
  for (const name of names) {
    if (interrupted) break;
    process.stdout.write(`\n== ${name}, round ${round} of ${rounds}\n`);
    const seen = await runStage(run, name, options);
    passed += seen.passed;
    for (const { name: test, output } of [...seen.failed, ...seen.unsteady]) {
      const known = failures.get(test) ?? { rounds: [], output };
      known.rounds.push(round);
      failures.set(test, known);
    }
  }
for (const { end } of burners) end();
await Promise.all(burners.map(({ ended }) => ended));
const left = await closeRun(run);

const say = (line) => process.stdout.write(`${line}\n`);
say("");
for (const what of left) say(`left behind, ended now: ${what}`);
for (const [at, [test, { rounds: when, output }]] of [...failures].entries()) {
  const place = join(kept, `failed-${at + 1}.txt`);
  writeFileSync(place, `${test}\n\n${output}\n`);
  say(`| ${when.length} of ${rounds} | ${test} | ${firstLine(output)} | ${place} |`);
}
if (interrupted) say("Interrupted.");
say(`${passed} passed, ${failures.size} tests ever failed, in ${rounds} rounds`);
process.exit(interrupted ? 130 : failures.size === 0 ? (process.exitCode ?? 0) : 1);

function firstLine(output) {
  return output.split("\n").find(Boolean)?.slice(0, 160) ?? "";
}
