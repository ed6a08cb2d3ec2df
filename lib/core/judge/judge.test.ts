import { describe, expect, test } from "vitest";
import { judge } from "./judge";
import { factsOf } from "./labelled/facts-of";
import { honest } from "./labelled/honest";
import { measure, reportedSeeds, tuningSeeds } from "./labelled/measure";
import { stolen } from "./labelled/stolen";
import { thresholdsWith } from "./thresholds";

const defaults = thresholdsWith({});

describe("the labelled accounts", () => {
  test("held-out seeds keep precision and recall above the floors", () => {
    const { precision, recall } = measure(reportedSeeds.slice(0, 12));
    expect(precision).toBeGreaterThanOrEqual(0.95);
    expect(recall).toBeGreaterThanOrEqual(0.85);
  });
  test("no reported seed is one that thresholds were set by", () => {
    expect(reportedSeeds.filter((seed) => tuningSeeds.includes(seed))).toEqual([]);
  });
});

describe("judge", () => {
  test("says in sentences what a botnet does", () => {
    const { verdict, findings } = judge(factsOf(stolen.botnet?.(7) ?? honest["office worker"](7)), defaults);
    expect(verdict).toBe("compromised");
    expect(findings[0]?.sentence).toMatch(
      /^[0-9,]+ envelope senders in [0-9,]+ domains that this login has no right to/,
    );
    expect(findings.map(({ rule }) => rule)).toContain("networks-per-hour");
  });
  test("finds nothing in an office worker's day", () => {
    expect(judge(factsOf(honest["office worker"](7)), defaults)).toEqual({ score: 0, verdict: "clear", findings: [] });
  });
  test("adds the weights up and stops at 100", () => {
    const facts = factsOf(honest["busy end of the quarter"](3));
    const { score, findings } = judge(facts, defaults);
    expect(score).toBe(
      Math.min(
        100,
        findings.reduce((sum, { weight }) => sum + weight, 0),
      ),
    );
  });
  test("keeps one of two findings that say the same", () => {
    for (const make of Object.values(stolen)) {
      const names = judge(factsOf(make(11)), defaults).findings.map(({ rule }) => rule);
      expect(names.includes("jump") && names.includes("day-jump")).toBe(false);
    }
  });
});

describe("thresholdsWith", () => {
  test("lays settings over the defaults and passes over what is no threshold", () => {
    const set = thresholdsWith({ suspect: 55, watch: Number.NaN, nonsense: 1, toString: 3 });
    expect(set).toEqual({ ...defaults, suspect: 55 });
  });
  test("is asked for the verdict", () => {
    const facts = factsOf(stolen.botnet?.(7) ?? honest["office worker"](7));
    expect(judge(facts, thresholdsWith({ compromised: 101, suspect: 101 })).verdict).toBe("watch");
  });
});
