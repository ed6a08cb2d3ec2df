/** "1 network", "12 networks": the plural is the word with an s unless given. */
export function many(count: number, word: string, plural = `${word}s`): string {
  return `${count.toLocaleString("en")} ${count === 1 ? word : plural}`;
}

/** "a, b and c", at most `most` of them, then how many more. */
export function listed(items: string[], most = 4): string {
  if (items.length > most) return `${items.slice(0, most).join(", ")} and ${items.length - most} more`;
  return items.length < 2 ? (items[0] ?? "") : `${items.slice(0, -1).join(", ")} and ${items.at(-1)}`;
}

export const percent = (share: number) => `${Math.round(share * 100)} %`;
export const sum = (numbers: Iterable<number>) => {
  let total = 0;
  for (const number of numbers) total += number;
  return total;
};
/** The item with the largest measure; null of none. */
export function most<T>(items: T[], measure: (item: T) => number): T | null {
  let best: T | null = null;
  for (const item of items) if (best === null || measure(item) > measure(best)) best = item;
  return best;
}
export const hourMs = 3_600_000;
/** "03:00 UTC" of an hour. */
export const clock = (at: number) => `${new Date(at).toISOString().slice(11, 16)} UTC`;
