import "server-only";
import type { State } from "./open";
import type { HostRow } from "./tables";

/** Hosts that were added in the browser, in the order of their names. */
export function hostRows({ sqlite, db }: State): HostRow[] {
  return sqlite.now(db.selectFrom("hosts").selectAll().orderBy("name").orderBy("id")).rows;
}

/** Throws SqliteError (SQLITE_CONSTRAINT_PRIMARYKEY) where the id is taken. */
export function insertHost({ sqlite, db }: State, row: HostRow): void {
  sqlite.now(db.insertInto("hosts").values(row));
}

/** False where there is no such host. */
export function updateHost({ sqlite, db }: State, id: string, change: Partial<Omit<HostRow, "id">>): boolean {
  const query = db
    .updateTable("hosts")
    .set({ id, ...change })
    .where("id", "=", id);
  return sqlite.now(query).changes > 0;
}

/** Takes the host and what is only its own; actions and the audit trail stay. False where there is no such host. */
export function deleteHost({ sqlite, db }: State, id: string): boolean {
  return sqlite.atOnce(() => {
    sqlite.now(db.deleteFrom("queue_history").where("host", "=", id));
    return sqlite.now(db.deleteFrom("hosts").where("id", "=", id)).changes > 0;
  });
}
