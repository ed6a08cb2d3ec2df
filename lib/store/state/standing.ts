import "server-only";
import type { Insertable, Selectable, Updateable } from "kysely";
import type { State } from "./open";
import type { Tables } from "./tables";

export type StandingRow = Selectable<Tables["standing"]>;

export function addStanding({ sqlite, db }: State, row: Insertable<Tables["standing"]>): void {
  sqlite.now(db.insertInto("standing").values(row));
}

/** Those in force, newest first. */
export function standingInForce({ sqlite, db }: State, host?: string): StandingRow[] {
  let query = db.selectFrom("standing").selectAll().where("ended_at", "is", null);
  if (host !== undefined) query = query.where("host", "=", host);
  return sqlite.now(query.orderBy("since", "desc")).rows;
}

export function findStanding({ sqlite, db }: State, id: string): StandingRow | undefined {
  return sqlite.now(db.selectFrom("standing").selectAll().where("id", "=", id)).rows[0];
}

export function changeStanding({ sqlite, db }: State, id: string, change: Updateable<Tables["standing"]>): boolean {
  const query = db.updateTable("standing").set(change).where("id", "=", id).where("ended_at", "is", null);
  return sqlite.now(query).changes === 1;
}
