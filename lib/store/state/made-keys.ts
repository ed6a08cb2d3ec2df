import "server-only";
import type { State } from "./open";

/** A key pair that Sluice made: the public half. The private half is a file of the data folder, never a row. */
export type MadeKeyRow = { id: string; public_key: string; made_at: number; made_by: string };

export function insertMadeKey({ sqlite, db }: State, row: MadeKeyRow): void {
  sqlite.now(db.insertInto("made_keys").values(row));
}

export function madeKeyRow({ sqlite, db }: State, id: string): MadeKeyRow | undefined {
  return sqlite.now(db.selectFrom("made_keys").selectAll().where("id", "=", id)).rows[0];
}
