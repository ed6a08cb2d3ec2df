import type { FilterInput } from "../../lib/api/queue";

/** Filters of the queue page as URL parameters: the contract's own names, so that the address is the call. */
export const listKeys = [
  "account",
  "sender",
  "senderDomain",
  "client",
  "recipient",
  "recipientDomain",
  "queue",
  "reason",
  "instance",
] as const;
export const textKeys = ["senderPattern", "recipientPattern", "text"] as const;
export const ageKeys = ["olderThan", "youngerThan"] as const;
export const exceptKeys = ["account", "sender", "senderDomain", "client", "recipient"] as const;
export type ListKey = (typeof listKeys)[number];
export type ExceptKey = (typeof exceptKeys)[number];

/** URL parameter of an exclusion: account → exceptAccount. */
export const exceptParam = (key: ExceptKey) => `except${key[0]?.toUpperCase()}${key.slice(1)}`;

/** The same as query of a `queue` call. */
export function queryOf(search: URLSearchParams): Record<string, string | string[] | undefined> {
  const query: Record<string, string | string[] | undefined> = {};
  for (const key of [...listKeys, ...exceptKeys.map(exceptParam)]) {
    const values = search.getAll(key);
    if (values.length) query[key] = values;
  }
  for (const key of [...textKeys, ...ageKeys]) {
    const value = search.get(key);
    if (value) query[key] = value;
  }
  return query;
}

/** The same as the filter of a plan. Nothing chosen is everything, and says so. */
export function filterOf(search: URLSearchParams): FilterInput {
  const filter: Record<string, unknown> = {};
  for (const key of listKeys) {
    const values = search.getAll(key);
    if (values.length) filter[key] = values;
  }
  for (const key of textKeys) if (search.get(key)) filter[key] = search.get(key);
  for (const key of ageKeys) if (search.get(key)) filter[key] = Number(search.get(key));
  const except: Record<string, string[]> = {};
  for (const key of exceptKeys) {
    const values = search.getAll(exceptParam(key));
    if (values.length) except[key] = values;
  }
  const narrowed = Object.keys(filter).length > 0;
  if (Object.keys(except).length) filter.except = except;
  if (!narrowed) filter.everything = true;
  return filter as FilterInput;
}

/** "300-3600" (seconds) as bounds; undefined for another shape. */
export function ageBounds(key: string): { youngerThan?: string; olderThan?: string } | undefined {
  const found = /^(\d+)-(\d*)$/.exec(key);
  if (!found) return undefined;
  const [, from = "", to = ""] = found;
  return { ...(from !== "0" && { olderThan: from }), ...(to && { youngerThan: to }) };
}
