// What became of each test: the reports of Vitest and Playwright read into tries, and the tries of a stage put together.
import { relative } from "node:path";

/**
 * A try: `FILE > TEST` → { file, outcome: "passed" | "failed" | "skipped", output }. A file that failed without a failed
 * test (it did not load, or its set-up threw) stands under its own name and counts only as a failure.
 * @typedef {Map<string, {file: string, outcome: string, output: string}>} Try
 */

/** MailHarm (e2e/mailhost/harm.ts): mail was lost, doubled, or another's touched. Nothing makes up for that. */
const isHarm = (output) => /\bMailHarm\b/.test(output);

/** Vitest's JSON report, by the shape of Jest's. */
export function readVitest(report, top = process.cwd()) {
  const tries = new Map();
  for (const suite of report.testResults) {
    const file = relative(top, suite.name);
    let failed = false;
    for (const { fullName, status, failureMessages } of suite.assertionResults) {
      const outcome = status === "passed" || status === "failed" ? status : "skipped";
      failed ||= outcome === "failed";
      put(tries, `${file} > ${fullName}`, { file, outcome, output: (failureMessages ?? []).join("\n\n") });
    }
    const whole = suite.status === "failed" && !failed ? "failed" : "passed";
    tries.set(file, { file, outcome: whole, output: suite.message ?? "" });
  }
  return tries;
}

/** Playwright's JSON report. Each of its own retries is a try. */
export function readPlaywright(report) {
  const tries = [];
  const at = (n) => {
    while (tries.length <= n) tries.push(new Map());
    return tries[n];
  };
  const walk = (suite, titles) => {
    for (const spec of suite.specs ?? []) {
      const name = [`e2e/${spec.file}`, ...titles.slice(1), spec.title].join(" > ");
      for (const { results, expectedStatus } of spec.tests)
        for (const [n, { status, errors }] of results.entries()) {
          const outcome = status === "skipped" ? "skipped" : status === expectedStatus ? "passed" : "failed";
          const output = (errors ?? []).map(({ message, stack }) => stack ?? message ?? "").join("\n\n");
          put(at(n), name, { file: spec.file, outcome, output: plain(output) });
        }
    }
    for (const inner of suite.suites ?? []) walk(inner, [...titles, inner.title]);
  };
  for (const suite of report.suites) walk(suite, [suite.title]);
  for (const { message, stack } of report.errors ?? [])
    at(0).set("browser", { file: "browser", outcome: "failed", output: plain(stack ?? message ?? "") });
  return tries;
}

// Two tests of one name in a file: the worse one counts.
function put(tries, name, result) {
  const { outcome } = tries.get(name) ?? {};
  if (outcome === "failed") return;
  tries.set(name, result);
}

/** Without the terminal's colours. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the terminal's colours.
export const plain = (text) => text.replace(/\u001b\[[0-9;]*m/g, "");

/**
 * A test has passed when it passed once in its tries and never harmed mail. `unsteady` and `failed` carry the output of
 * the first failure.
 * @param {Try[]} tries
 */
export function together(tries) {
  const names = new Set(tries.flatMap((one) => [...one.keys()]));
  const sum = { passed: 0, skipped: 0, failed: [], unsteady: [], harm: false };
  for (const name of names) {
    const results = tries.flatMap((one) => one.get(name) ?? []);
    const bad = results.find(({ outcome }) => outcome === "failed");
    const harm = results.find(({ output }) => isHarm(output));
    const passed = results.some(({ outcome }) => outcome === "passed");
    sum.harm ||= Boolean(harm);
    if (harm) sum.failed.push({ name, output: harm.output });
    else if (bad && !passed) sum.failed.push({ name, output: bad.output });
    else if (bad) sum.unsteady.push({ name, output: bad.output });
    const isFile = results.every(({ file }) => file === name);
    if (!isFile && !harm && passed) sum.passed += 1;
    if (!isFile && !harm && !passed && !bad) sum.skipped += 1;
  }
  return sum;
}

/** The files with a test that has not passed in any try yet, without those where mail was harmed. */
export function filesToRepeat(tries) {
  const files = new Map(tries.flatMap((one) => [...one].map(([name, { file }]) => [name, file])));
  return [...new Set(together(tries).failed.flatMap(({ name, output }) => (isHarm(output) ? [] : files.get(name))))];
}
