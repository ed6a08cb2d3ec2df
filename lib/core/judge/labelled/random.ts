/** A seeded source of chance (mulberry32): the same seed tells the same story. */
export type Chance = {
  /** 0 ≤ n < 1. */
  next(): number;
  /** A whole number, both ends possible. */
  whole(least: number, most: number): number;
  pick<T>(items: readonly T[]): T;
  yes(probability: number): boolean;
  /** How many happen when `mean` are expected (Poisson; a rounded normal above 50). */
  times(mean: number): number;
};

export function chance(seed: number): Chance {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
  const whole = (least: number, most: number) => least + Math.floor(next() * (most - least + 1));
  return {
    next,
    whole,
    pick: (items) => items[Math.floor(next() * items.length)] as never,
    yes: (probability) => next() < probability,
    times(mean) {
      if (mean <= 0) return 0;
      if (mean > 50) {
        const normal = Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next());
        return Math.max(0, Math.round(mean + normal * Math.sqrt(mean)));
      }
      let count = 0;
      for (let product = next(); product > Math.exp(-mean); product *= next()) count++;
      return count;
    },
  };
}
