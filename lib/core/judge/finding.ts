import type { AccountFacts } from "./facts";
import type { Thresholds } from "./thresholds";

/** One thing that speaks against an account. */
export type Finding = {
  /** Name of the rule, a key of {@link rules} (rules/all.ts). */
  rule: string;
  /** What it adds to the score; the score is cut at 100. */
  weight: number;
  /** One plain sentence that carries its evidence. */
  sentence: string;
  evidence: { label: string; value: string }[];
  /** Of what time it speaks, ms since the epoch. */
  from: number;
  to: number;
};

/** A rule sees the facts and says one thing or nothing. */
export type Rule = (facts: AccountFacts, thresholds: Thresholds) => Omit<Finding, "rule"> | null;
