import type { AccountFacts, BaselineFacts } from "./facts";
import type { Thresholds } from "./thresholds";

/** The account's past if there is enough of it to compare with. */
export function past(facts: AccountFacts, thresholds: Thresholds): BaselineFacts | null {
  return facts.baseline && facts.baseline.daysSeen >= thresholds.baselineDays ? facts.baseline : null;
}
