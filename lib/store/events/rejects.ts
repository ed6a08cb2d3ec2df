import "server-only";
import { ask, h, n, within } from "./ask";
import type { HostStore, Span } from "./host-store";

/** A session's first message may come this long after a refusal in it. */
const session = 3_600_000;
const wider = (span: Span): Span => ({ from: span.from - session, to: span.to + session });

/**
 * Which rows of `rejects` are an account's. Before Postfix 3.10 a refusal does not name the login, and the first lines of a session
 * are refused before any line names it: those are the account's whose messages came in the same session.
 */
export function rejectsOf(store: HostStore, account: string, span: Span): string {
  const mine = `account = ${h(account)}`;
  if (!store.any) return mine;
  const wide = wider(span);
  return `(${mine} OR (account = 0 AND session <> 0 AND session IN (SELECT session FROM ${store.source("submits", wide)} WHERE ${within(wide)} AND ${mine} AND session <> 0)))`;
}

/** Refusals by account (hashed), those that only their session tells included. */
export async function rejectCounts(store: HostStore, span: Span): Promise<Map<string, number>> {
  if (!store.any) return new Map();
  const wide = wider(span);
  const [named, told] = await Promise.all([
    ask(store, "rejects", span, "account, count(*) AS rejects", "account <> 0", "GROUP BY account"),
    store.query(
      `SELECT account, sum(rejects) AS rejects FROM (
         SELECT r.session, any_value(r.rejects) AS rejects, any_value(s.account) AS account
         FROM (SELECT session, count(*) AS rejects FROM ${store.source("rejects", span)}
               WHERE ${within(span)} AND account = 0 AND session <> 0 GROUP BY session) AS r
         JOIN ${store.source("submits", wide)} AS s ON s.session = r.session
         WHERE s.t >= ${Math.floor(wide.from)} AND s.t < ${Math.ceil(wide.to)} AND s.account <> 0
         GROUP BY r.session) GROUP BY account`,
    ),
  ]);
  const counts = new Map<string, number>();
  for (const row of [...named, ...told])
    counts.set(String(row.account), (counts.get(String(row.account)) ?? 0) + n(row.rejects));
  return counts;
}
