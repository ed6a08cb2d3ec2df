import "server-only";
import type { State } from "./open";
import type { AuditRow } from "./tables";

export type AuditRecord = Omit<AuditRow, "seq"> & { seq: number };

/**
 * Appends what `make` gives for the number and the hash before it, in one transaction. Returns the row as stored; when
 * it does, the row is on disk (synchronous = FULL).
 */
export function appendAudit(
  state: State,
  make: (seq: number, previous: string) => Omit<AuditRecord, "seq">,
): AuditRecord {
  const { sqlite, db } = state;
  return sqlite.atOnce(() => {
    const last = sqlite.now(db.selectFrom("audit").select(["seq", "hash"]).orderBy("seq", "desc").limit(1)).rows[0];
    const seq = Math.max(last?.seq ?? 0, highestGiven(state)) + 1;
    const row = { seq, ...make(seq, last?.hash ?? "") };
    sqlite.now(db.insertInto("audit").values(row));
    return row;
  });
}

/** The highest number ever given, even if its row is no longer there. */
export function highestGiven({ sqlite }: State): number {
  return sqlite.all<{ seq: number }>("SELECT seq FROM sqlite_sequence WHERE name = 'audit'")[0]?.seq ?? 0;
}

/** A number that changes when another connection has written to the file (SQLite's pragma data_version). */
export function othersWrites({ sqlite }: State): number {
  return sqlite.all<{ data_version: number }>("PRAGMA data_version")[0]?.data_version ?? 0;
}

/** Newest first, those before the number. */
export function auditBefore({ sqlite, db }: State, before: number | null, limit: number): AuditRecord[] {
  let query = db.selectFrom("audit").selectAll().orderBy("seq", "desc").limit(limit);
  if (before !== null) query = query.where("seq", "<", before);
  return sqlite.now(query).rows;
}

/** Oldest first, those after the number. */
export function auditAfter({ sqlite, db }: State, after: number, limit: number): AuditRecord[] {
  return sqlite.now(db.selectFrom("audit").selectAll().where("seq", ">", after).orderBy("seq").limit(limit)).rows;
}
