import { measure, reportedSeeds, suspectFrom, tuningSeeds } from "./labelled/measure";
import { percent } from "./words";

/**
 * `npx tsx lib/core/judge/evaluate.ts` prints how well the judge does on generated accounts; `… tuning` looks at the
 * seeds that thresholds may be set by. The accounts are made up: the numbers say what the rules do, not how the
 * world is.
 */
const tuning = process.argv.includes("tuning");
const result = measure(tuning ? tuningSeeds : reportedSeeds);
console.log(`${tuning ? "Tuning" : "Held-out"} seeds; an account counts as called from a score of ${suspectFrom}.\n`);
console.log(`precision ${percent(result.precision)}   recall ${percent(result.recall)}\n`);
for (const { kind, stolen, right, of, meanScore } of result.kinds)
  console.log(
    `${stolen ? "stolen" : "honest"}  ${kind.padEnd(42)} ${right}/${of} right, mean score ${meanScore.toFixed(0)}`,
  );
console.log("\nThe worst misses:");
for (const { kind, seed, stolen, judged } of result.misses.slice(0, 12)) {
  console.log(`\n${stolen ? "missed" : "accused"}: ${kind}, seed ${seed}, score ${judged.score}`);
  for (const { weight, sentence } of judged.findings) console.log(`  +${weight} ${sentence}`);
}
