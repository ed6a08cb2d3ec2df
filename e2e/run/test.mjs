// `npm test`: everything, in order: check, unit, build, host (on a real mail host), browser. A part that crashes is a
// failure like a test that fails, and the parts after it still run. The last line is "N passed, N failed".
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ensureDebian, ensureNpm, ensureRoot } from "./packages.mjs";

ensureRoot("npm test starts real mail hosts and");
ensureNpm();
ensureDebian("mailhost", "tests");

const reports = mkdtempSync(join(tmpdir(), "sluice-test-"));
const vitest = (project) => (report) => ({
  command: "node_modules/.bin/vitest",
  args: ["run", "--project", project, "--reporter=default", "--reporter=json", `--outputFile.json=${report}`],
  read: ({ numPassedTests, numFailedTests, numFailedTestSuites, numTotalTests, success }) => ({
    passed: numPassedTests,
    // A file that does not load has no test of its own, but fails the suite.
    failed: Math.max(numFailedTests, !success && numFailedTests === 0 ? Math.max(1, numFailedTestSuites) : 0),
    total: numTotalTests,
  }),
});
const plain = (script) => () => ({ command: process.execPath, args: [script] });
const browser = (report) => ({
  command: "node_modules/.bin/playwright",
  args: ["test"],
  env: { PLAYWRIGHT_JSON_OUTPUT_NAME: report },
  read: ({ stats, errors }) => ({
    passed: stats.expected,
    failed: stats.unexpected + stats.flaky + stats.skipped + errors.length,
    total: stats.expected + stats.unexpected,
  }),
});

const parts = {
  check: plain("e2e/run/check.mjs"),
  unit: vitest("unit"),
  build: plain("e2e/run/build.mjs"),
  host: vitest("host"),
  browser,
};
const only = process.argv.slice(2);
for (const name of only)
  if (!(name in parts)) throw new Error(`no part ${name}; parts: ${Object.keys(parts).join(", ")}`);

let passed = 0;
let failed = 0;
const summary = [];
for (const [name, part] of Object.entries(parts)) {
  if (only.length > 0 && !only.includes(name)) continue;
  process.stdout.write(`\n== ${name}\n`);
  const report = join(reports, `${name}.json`);
  const { command, args, env, read } = part(report);
  const started = Date.now();
  const { status } = spawnSync(command, args, {
    stdio: ["ignore", "inherit", "inherit"],
    env: { ...process.env, ...env },
  });
  const counts = read
    ? counted(report, read)
    : { passed: status === 0 ? 1 : 0, failed: status === 0 ? 0 : 1, total: 1 };
  // Exit code and report must both be good: a crash after the last test shows only in the exit code.
  if ((status !== 0 || counts.total === 0) && counts.failed === 0) counts.failed = 1;
  passed += counts.passed;
  failed += counts.failed;
  summary.push(
    `${name}: ${counts.passed} passed, ${counts.failed} failed, ${((Date.now() - started) / 1000).toFixed(0)} s`,
  );
}
rmSync(reports, { recursive: true, force: true });

function counted(report, read) {
  try {
    return read(JSON.parse(readFileSync(report, "utf8")));
  } catch {
    return { passed: 0, failed: 1, total: existsSync(report) ? 1 : 0 };
  }
}

process.stdout.write(`\n${summary.join("\n")}\n${passed} passed, ${failed} failed\n`);
process.exit(failed === 0 && passed > 0 ? 0 : 1);
