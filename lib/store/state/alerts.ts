import "server-only";
import type { Selectable } from "kysely";
import type { State } from "./open";
import type { Tables } from "./tables";

export type AlertRow = Selectable<Tables["alerts"]>;
export type AlertChange = Pick<AlertRow, "last_at" | "score" | "verdict" | "sentences" | "findings">;

/** Newest first; without `all` those that nobody has acknowledged. */
export function alertRows({ sqlite, db }: State, all: boolean, limit = 500): AlertRow[] {
  const query = db.selectFrom("alerts").selectAll().orderBy("last_at", "desc").orderBy("id").limit(limit);
  return sqlite.now(all ? query : query.where("acknowledged_at", "is", null)).rows;
}

export function alertRow({ sqlite, db }: State, id: string): AlertRow | undefined {
  return sqlite.now(db.selectFrom("alerts").selectAll().where("id", "=", id)).rows[0];
}

/** The account's newest alert on the host, whatever became of it. */
export function newestAlert({ sqlite, db }: State, host: string, account: string): AlertRow | undefined {
  const query = db.selectFrom("alerts").selectAll().where("host", "=", host).where("account", "=", account);
  return sqlite.now(query.orderBy("last_at", "desc").limit(1)).rows[0];
}

/** Alerts of an account on any host that were alive at some time of the span. */
export function alertsBetween({ sqlite, db }: State, account: string, from: number, to: number): AlertRow[] {
  const query = db.selectFrom("alerts").selectAll().where("account", "=", account).where("last_at", ">=", from);
  return sqlite.now(query.where("at", "<=", to).orderBy("at")).rows;
}

export function insertAlert({ sqlite, db }: State, row: AlertRow): void {
  sqlite.now(db.insertInto("alerts").values(row));
}

export function updateAlert({ sqlite, db }: State, id: string, change: AlertChange): void {
  sqlite.now(db.updateTable("alerts").set(change).where("id", "=", id));
}

/** False where it is unknown or somebody was faster. */
export function acknowledgeAlert({ sqlite, db }: State, id: string, at: number, by: string, note: string): boolean {
  const query = db.updateTable("alerts").set({ acknowledged_at: at, acknowledged_by: by, note });
  return sqlite.now(query.where("id", "=", id).where("acknowledged_at", "is", null)).changes > 0;
}
