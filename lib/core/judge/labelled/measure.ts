import { type Judgement, judge } from "../judge";
import { type ThresholdName, thresholds, thresholdsWith } from "../thresholds";
import { factsOf } from "./facts-of";
import { honest } from "./honest";
import { stolen } from "./stolen";
import type { Story } from "./story";

/** Thresholds and weights were set by looking at these seeds only; what is reported is measured on the others. */
export const tuningSeeds = Array.from({ length: 20 }, (_, n) => 1000 + n * 7919);
export const reportedSeeds = Array.from({ length: 40 }, (_, n) => 500_009 + n * 104_729);

export type Case = { kind: string; seed: number; stolen: boolean; judged: Judgement };
export type Measure = {
  /** Of the accounts called suspect or compromised, how many are stolen. */
  precision: number;
  /** Of the stolen accounts, how many are called so. */
  recall: number;
  kinds: { kind: string; stolen: boolean; right: number; of: number; meanScore: number }[];
  /** Wrong ones, the worst first: honest with the highest score, stolen with the lowest. */
  misses: Case[];
};

/** Judges every kind under every seed. An account counts as called when an alert would be raised for it. */
export function measure(seeds: number[], settings: Partial<Record<ThresholdName, number>> = {}): Measure {
  const bounds = thresholdsWith(settings as Record<string, number>);
  const cases: Case[] = [];
  const add = (kinds: Record<string, (seed: number) => Story>, isStolen: boolean) => {
    for (const [kind, make] of Object.entries(kinds))
      for (const seed of seeds)
        cases.push({ kind, seed, stolen: isStolen, judged: judge(factsOf(make(seed)), bounds) });
  };
  add(honest, false);
  add(stolen, true);
  const called = (one: Case) => one.judged.score >= bounds.suspect;
  const right = (one: Case) => called(one) === one.stolen;
  const caught = cases.filter((one) => called(one) && one.stolen).length;
  const kinds = [...new Set(cases.map(({ kind }) => kind))].map((kind) => {
    const those = cases.filter((one) => one.kind === kind);
    return {
      kind,
      stolen: those[0]?.stolen ?? false,
      right: those.filter(right).length,
      of: those.length,
      meanScore: those.reduce((sum, { judged }) => sum + judged.score, 0) / those.length,
    };
  });
  const wrongness = (one: Case) => (one.stolen ? bounds.suspect - one.judged.score : one.judged.score - bounds.suspect);
  return {
    precision: caught / Math.max(1, cases.filter(called).length),
    recall: caught / Math.max(1, cases.filter((one) => one.stolen).length),
    kinds,
    misses: cases.filter((one) => !right(one)).sort((a, b) => wrongness(b) - wrongness(a)),
  };
}

export const suspectFrom = thresholds.suspect.value;
