// The stages of `npm test`, in order, and how one is run: once, and what failed again.
import { createWriteStream, mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { filesToRepeat, plain, readPlaywright, readVitest, together } from "./outcomes.mjs";
import { start } from "./registry.mjs";

/** Where a run keeps what it printed and the first output of each failure; of the newest run only. */
export const kept = join("build", "test");
/** How often a file is run in all before what failed each time counts as failed. */
export const mostTries = 3;

const vitest = (project) => ({
  command: "node_modules/.bin/vitest",
  args: (report, files) => [
    ...["run", "--project", project, "--reporter=default", "--reporter=json", `--outputFile.json=${report}`],
    ...files,
  ],
  read: (report) => [readVitest(report)],
  repeats: true,
});
const script = (file) => ({ command: process.execPath, args: () => [file], read: null, repeats: false });

export const stages = {
  check: script("e2e/run/check.mjs"),
  unit: vitest("unit"),
  build: script("e2e/run/build.mjs"),
  host: vitest("host"),
  // Playwright repeats by itself, each time in a worker of its own: `retries` of its configuration.
  browser: {
    command: "node_modules/.bin/playwright",
    args: (_report, files) => ["test", ...files],
    env: (report) => ({ PLAYWRIGHT_JSON_OUTPUT_NAME: report }),
    read: readPlaywright,
    repeats: false,
  },
};

/** Answers what `together` does, and the seconds it took. A stage that crashes is a failure like a test that fails. */
export async function runStage(run, name, { tries: most = mostTries, onStart = () => {}, stopped = () => false } = {}) {
  const stage = stages[name];
  const started = Date.now();
  const tries = [];
  let files = [[]];
  for (let n = 1; n <= (stage.repeats ? most : 1) && files.length > 0 && !stopped(); n += 1) {
    for (const [at, these] of files.entries()) {
      if (stopped()) break;
      if (n > 1) process.stdout.write(`\n== ${name}, again (${n} of ${most}): ${these.join(" ") || "all of it"}\n`);
      tries.push(...(await once(run, name, stage, these, `${name}${n > 1 ? `-${n}-${at + 1}` : ""}`, onStart)));
    }
    // What belongs to no file is repeated with the whole stage.
    files = filesToRepeat(tries).map((file) => (file === name ? [] : [file]));
    if (files.some((these) => these.length === 0)) files = [[]];
  }
  return { ...together(tries), seconds: Math.round((Date.now() - started) / 1000) };
}

/** One run of the stage, or of some of its files: its tries (several where the tool repeats by itself). */
async function once(run, name, stage, files, title, onStart) {
  mkdirSync(kept, { recursive: true });
  const report = join(run.folder, `report-${title}.json`);
  const log = createWriteStream(join(kept, `${title}.log`));
  let tail = "";
  const onOutput = (bytes) => {
    process.stdout.write(bytes);
    log.write(bytes);
    tail = (tail + bytes).slice(-100_000);
  };
  const program = start(run, stage.command, stage.args(report, files), { env: stage.env?.(report), onOutput });
  onStart(program.end);
  const code = await program.ended;
  await new Promise((resolve) => log.end(resolve));
  tail = plain(tail);
  const failure = (output) => ({ file: name, outcome: code === 0 ? "passed" : "failed", output });
  // A script has no report: it is one test, of the stage's name.
  if (!stage.read) return [new Map([[`npm run ${name}`, failure(tail)]])];
  const tries = read(report, stage.read);
  rmSync(report, { force: true });
  if (!tries) return [new Map([[name, { ...failure(`no report; exit ${code}\n${tail}`), outcome: "failed" }]])];
  // The exit code must be good too: an error outside of any test shows only there, and in what Vitest prints.
  const origins = code === 0 ? [] : [...tail.matchAll(/originated in "([^"]+)" test file/g)].map(([, file]) => file);
  for (const file of origins) tries[0].set(file, { file, outcome: "failed", output: tail });
  const explained = tries.some((one) => [...one.values()].some(({ outcome }) => outcome === "failed"));
  if (code !== 0 && !explained) tries[0].set(name, failure(tail));
  else if (files.length === 0) tries[0].set(name, { file: name, outcome: "passed", output: "" });
  return tries;
}

function read(report, reader) {
  try {
    const tries = reader(JSON.parse(readFileSync(report, "utf8")));
    return tries.some((one) => one.size > 0) ? tries : null;
  } catch {
    return null;
  }
}
