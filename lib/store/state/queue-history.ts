import "server-only";
import type { QueueCounts } from "../../core/queue";
import type { State } from "./open";
import type { QueueHistoryRow } from "./tables";

const minute = 60_000;

/** Keeps the last counts of each minute. */
export function recordCounts({ sqlite, db }: State, host: string, at: number, counts: QueueCounts): void {
  sqlite.now(
    db
      .insertInto("queue_history")
      .values({ host, at: Math.floor(at / minute) * minute, ...counts })
      .onConflict((row) => row.columns(["host", "at"]).doUpdateSet(counts)),
  );
}

/** Oldest first; at most one row a minute. */
export function countsSince({ sqlite, db }: State, host: string, since: number): QueueHistoryRow[] {
  const { rows } = sqlite.now(
    db.selectFrom("queue_history").selectAll().where("host", "=", host).where("at", ">=", since).orderBy("at"),
  );
  return rows;
}

/** Drops what is older, of every host. Answers how many rows. */
export function dropCountsBefore({ sqlite, db }: State, before: number): number {
  return sqlite.now(db.deleteFrom("queue_history").where("at", "<", before)).changes;
}
