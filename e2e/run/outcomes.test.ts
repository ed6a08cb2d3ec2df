import { expect, test } from "vitest";
import { MailHarm } from "../mailhost/harm";
import { filesToRepeat, readPlaywright, readVitest, together } from "./outcomes.mjs";

type Row = [title: string, status: string, output?: string];
const vitest = (files: Record<string, Row[]>, broken: string[] = []) =>
  readVitest(
    {
      testResults: Object.entries(files).map(([file, rows]) => ({
        name: `/top/${file}`,
        status: broken.includes(file) || rows.some(([, status]) => status === "failed") ? "failed" : "passed",
        message: broken.includes(file) ? "the set-up threw" : "",
        assertionResults: rows.map(([fullName, status, output]) => ({
          fullName,
          status,
          failureMessages: output ? [output] : [],
        })),
      })),
    },
    "/top",
  );
const names = (rows: { name: string }[]) => rows.map(({ name }) => name);

test("what failed and then passed is passed and unsteady, with the first failure's output", () => {
  const tries = [
    vitest({ "a.test.ts": [["one", "failed", "first"]], "b.test.ts": [["two", "passed"]] }),
    vitest({ "a.test.ts": [["one", "failed", "second"]] }),
  ];
  expect(filesToRepeat(tries)).toEqual(["a.test.ts"]);
  tries.push(vitest({ "a.test.ts": [["one", "passed"]] }));
  expect(filesToRepeat(tries)).toEqual([]);
  expect(together(tries)).toEqual({
    passed: 2,
    skipped: 0,
    failed: [],
    unsteady: [{ name: "a.test.ts > one", output: "first" }],
    harm: false,
  });
});

test("what fails each time is failed, once, however often it was tried", () => {
  const failing = () => vitest({ "a.test.ts": [["one", "failed", "x"]] });
  const sum = together([failing(), failing(), failing()]);
  expect(sum).toMatchObject({ passed: 0, unsteady: [] });
  expect(names(sum.failed)).toEqual(["a.test.ts > one"]);
});

test("a file whose set-up threw is failed although none of its tests is, and repeated", () => {
  const broken = vitest({ "a.test.ts": [["one", "skipped"]] }, ["a.test.ts"]);
  expect(names(together([broken]).failed)).toEqual(["a.test.ts"]);
  expect(filesToRepeat([broken])).toEqual(["a.test.ts"]);
  const sum = together([broken, vitest({ "a.test.ts": [["one", "passed"]] })]);
  expect(sum).toMatchObject({ passed: 1, skipped: 0, failed: [] });
  expect(names(sum.unsteady)).toEqual(["a.test.ts"]);
});

test("harmed mail is a failure that nothing makes up for, and is not tried again", () => {
  const output = new MailHarm("lost").stack ?? "";
  const harmed = vitest({ "a.test.ts": [["one", "failed", output]] });
  expect(filesToRepeat([harmed])).toEqual([]);
  const sum = together([harmed, vitest({ "a.test.ts": [["one", "passed"]] })]);
  expect(sum).toMatchObject({ passed: 0, harm: true, unsteady: [] });
  expect(names(sum.failed)).toEqual(["a.test.ts > one"]);
});

test("skipped tests are counted as skipped", () => {
  expect(together([vitest({ "a.test.ts": [["one", "skipped"]] })])).toMatchObject({
    passed: 0,
    skipped: 1,
    failed: [],
  });
});

test("Playwright's own retries are tries", () => {
  const spec = (title: string, ...statuses: string[]) => ({
    title,
    file: "a.spec.ts",
    tests: [
      {
        expectedStatus: "passed",
        results: statuses.map((status, n) => ({
          status,
          errors: status === "failed" ? [{ message: `\u001b[31mfailure ${n}\u001b[39m` }] : [],
        })),
      },
    ],
  });
  const tries = readPlaywright({
    suites: [
      {
        title: "a.spec.ts",
        specs: [spec("steady", "passed"), spec("unsteady", "failed", "passed"), spec("late", "skipped", "passed")],
        suites: [{ title: "group", specs: [spec("bad", "failed", "timedOut", "failed")] }],
      },
    ],
    errors: [],
  });
  expect(together(tries)).toEqual({
    passed: 3,
    skipped: 0,
    failed: [{ name: "e2e/a.spec.ts > group > bad", output: "failure 0" }],
    unsteady: [{ name: "e2e/a.spec.ts > unsteady", output: "failure 0" }],
    harm: false,
  });
});
