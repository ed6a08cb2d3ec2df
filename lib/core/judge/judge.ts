import type { AccountFacts } from "./facts";
import type { Finding } from "./finding";
import { oneOf, type RuleName, rules } from "./rules/all";
import type { Thresholds } from "./thresholds";
import { sum } from "./words";

export type Verdict = "clear" | "watch" | "suspect" | "compromised";
export type Judgement = {
  /** 0 to 100. */
  score: number;
  verdict: Verdict;
  /** Heaviest first. */
  findings: Finding[];
};

export function verdictOf(score: number, thresholds: Thresholds): Verdict {
  if (score >= thresholds.compromised) return "compromised";
  if (score >= thresholds.suspect) return "suspect";
  return score >= thresholds.watch ? "watch" : "clear";
}

/** Asks every rule. The same facts and thresholds always give the same answer. */
export function judge(facts: AccountFacts, thresholds: Thresholds): Judgement {
  const said = new Map<RuleName, Finding>();
  for (const [name, rule] of Object.entries(rules) as [RuleName, (typeof rules)[RuleName]][]) {
    const found = rule(facts, thresholds);
    if (found) said.set(name, { rule: name, ...found });
  }
  for (const group of oneOf) {
    const best = Math.max(0, ...group.map((name) => said.get(name)?.weight ?? 0));
    let kept = false;
    for (const name of group) {
      const finding = said.get(name);
      if (!finding) continue;
      if (kept || finding.weight < best) said.delete(name);
      else kept = true;
    }
  }
  const findings = [...said.values()].sort((a, b) => b.weight - a.weight);
  const score = Math.min(100, sum(findings.map(({ weight }) => weight)));
  return { score, verdict: verdictOf(score, thresholds), findings };
}
