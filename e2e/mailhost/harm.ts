import { inspect, isDeepStrictEqual } from "node:util";

/**
 * Mail was lost, doubled, or another's was touched: the one failure that no run tries again. e2e/run/outcomes.mjs knows it
 * by its name, which stands in front of its message and stack.
 */
export class MailHarm extends Error {
  override name = "MailHarm";
}

/**
 * For what the oracle saw of mail that must be whole: ids that must be there, hashes, deliveries. Both sides at rest, the
 * traffic stopped. Throws MailHarm with both when they are not deeply equal.
 */
export function unharmed<T>(seen: T, expected: T, what: string): void {
  if (isDeepStrictEqual(seen, expected)) return;
  const shown = (value: T) => inspect(value, { depth: 4, maxArrayLength: 50, breakLength: 120 });
  throw new MailHarm(`${what}\nexpected: ${shown(expected)}\nseen: ${shown(seen)}`);
}
