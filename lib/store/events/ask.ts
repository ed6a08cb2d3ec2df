import "server-only";
import type { Row, Value } from "./duck";
import { hash } from "./hash";
import type { HostStore, Span } from "./host-store";
import type { TableName } from "./tables";

/** What the queries share: windows, numbers out of BIGINTs, and names out of hashes. */
export const n = (value: Value | undefined): number => (value == null ? 0 : Number(value));
export const within = (span: Span) => `t >= ${Math.floor(span.from)} AND t < ${Math.ceil(span.to)}`;
export const h = (text: string) => hash(text).toString();

export const countryText = (packed: number): string | null =>
  packed > 0 ? String.fromCharCode(packed >> 8, packed & 255) : null;

export const packedCountry = (letters: string): number => (letters.charCodeAt(0) << 8) | (letters.charCodeAt(1) & 255);
/** A refusal's reason without the addresses in it, so that the same reason is counted as one. */
export const plainReason = "trim(regexp_replace(reason, '<[^<>]*>:? ?', '', 'g'))";
/** As a string of SQL. */
export const text = (value: string) => `'${value.replaceAll("'", "''")}'`;

const known = new WeakMap<HostStore, Map<string, string>>();
const knownLimit = 100_000;

/** Looks up the text of hashes; the answer maps each, 0 and unknown ones to ''. */
export async function names(
  store: HostStore,
  hashes: Iterable<Value | undefined>,
): Promise<(h: Value | undefined) => string> {
  let cache = known.get(store);
  if (!cache || cache.size > knownLimit) {
    cache = new Map();
    known.set(store, cache);
  }
  const texts = cache;
  const missing = new Set<string>();
  for (const value of hashes) {
    const key = String(value ?? 0);
    if (key !== "0" && !texts.has(key)) missing.add(key);
  }
  const all = store.span;
  const wanted = [...missing];
  for (let i = 0; all && i < wanted.length; i += 5000) {
    const list = wanted.slice(i, i + 5000).join(",");
    const found = await store.query(
      `SELECT h, any_value(text) AS text FROM ${store.source("names", all)} WHERE h IN (${list}) GROUP BY h`,
    );
    for (const row of found) texts.set(String(row.h), String(row.text));
  }
  return (value) => texts.get(String(value ?? 0)) ?? "";
}

/** Rows of a table in a span: `SELECT ${what} FROM … WHERE at in span AND ${where} ${rest}`. Empty before anything is stored. */
export async function ask(
  store: HostStore,
  table: TableName,
  span: Span,
  what: string,
  where: string,
  rest = "",
): Promise<Row[]> {
  if (!store.any) return [];
  return store.query(
    `SELECT ${what} FROM ${store.source(table, span)} WHERE ${within(span)}${where ? ` AND ${where}` : ""} ${rest}`,
  );
}

export async function one(store: HostStore, table: TableName, span: Span, what: string, where: string): Promise<Row> {
  return (await ask(store, table, span, what, where))[0] ?? {};
}

/** A submit line that counts: one with `sasl_username=` in it, or one of a local user. */
export const counted = "(flags & 5) <> 0";
export const wrongPassword = "ok = 0 AND fault = 0";

/**
 * Wrong passwords of an account before its first message in the span (all of them where there was none), and when that
 * was. Within one second, as precise as most logs are, the order of the lines decides.
 */
export async function beforeFirstSuccess(store: HostStore, span: Span, mine: string) {
  const first = (await ask(store, "submits", span, "t, off", `${mine} AND ${counted}`, "ORDER BY t, off LIMIT 1"))[0];
  const at = first ? n(first.t) : null;
  const before = at === null ? "" : ` AND (t < ${at} OR (t = ${at} AND off < ${n(first?.off)}))`;
  const failed = await one(
    store,
    "logins",
    at === null ? span : { from: span.from, to: at + 1 },
    "sum(times) AS failed, count(DISTINCT client) FILTER (client <> 0) AS addresses",
    `${mine} AND ${wrongPassword}${before}`,
  );
  return { at, failed: n(failed.failed), addresses: n(failed.addresses) };
}
