import "server-only";
import type { Insertable, Selectable } from "kysely";
import type { State } from "./open";
import type { Tables } from "./tables";

export type BrakeRow = Selectable<Tables["brakes"]>;

export function brakesOf({ sqlite, db }: State, host: string): BrakeRow[] {
  return sqlite.now(db.selectFrom("brakes").selectAll().where("host", "=", host).orderBy("since")).rows;
}

/** Keeps who put it on first, where it is on already. */
export function storeBrake({ sqlite, db }: State, row: Insertable<Tables["brakes"]>): void {
  sqlite.now(
    db
      .insertInto("brakes")
      .values(row)
      .onConflict((at) => at.columns(["host", "kind"]).doNothing()),
  );
}

export function dropBrake({ sqlite, db }: State, host: string, kind: string): void {
  sqlite.now(db.deleteFrom("brakes").where("host", "=", host).where("kind", "=", kind));
}
