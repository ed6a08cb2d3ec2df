import "server-only";
import type { Insertable, Selectable } from "kysely";
import type { State } from "./open";
import type { Tables } from "./tables";

export type SuspensionRow = Selectable<Tables["suspensions"]>;

export function findSuspension({ sqlite, db }: State, host: string, account: string): SuspensionRow | undefined {
  return sqlite.now(db.selectFrom("suspensions").selectAll().where("host", "=", host).where("account", "=", account))
    .rows[0];
}

export function suspensionsOf({ sqlite, db }: State, host: string): SuspensionRow[] {
  return sqlite.now(db.selectFrom("suspensions").selectAll().where("host", "=", host)).rows;
}

export function storeSuspension({ sqlite, db }: State, row: Insertable<Tables["suspensions"]>): void {
  const { host: _host, account: _account, ...rest } = row;
  sqlite.now(
    db
      .insertInto("suspensions")
      .values(row)
      .onConflict((at) => at.columns(["host", "account"]).doUpdateSet(rest)),
  );
}

export function dropSuspension({ sqlite, db }: State, host: string, account: string): void {
  sqlite.now(db.deleteFrom("suspensions").where("host", "=", host).where("account", "=", account));
}
