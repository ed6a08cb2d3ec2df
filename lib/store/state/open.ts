import "server-only";
import type { Kysely } from "kysely";
import { queries, Sqlite } from "../sqlite";
import { migrate } from "./migrations/migrate";
import type { Tables } from "./tables";

/** Messages and bytes of an action by outcome; null is the outcome of what is open. */
export type Tally = { outcome: string | null; messages: number; bytes: number }[];
/**
 * The state store: `db` builds and awaits queries, `sqlite` runs them at once and in transactions. `tallies` are those of the
 * actions that were asked for last, until their next change (store/state/actions.ts).
 */
export type State = { db: Kysely<Tables>; sqlite: Sqlite; tallies: Map<string, Tally>; close: () => void };

/** Opens the file (making it, 0600, if it is not there) and brings it to the newest form. Throws StoreError. */
export function openState(file: string): State {
  const sqlite = new Sqlite(file);
  try {
    migrate(sqlite);
  } catch (error) {
    sqlite.close();
    throw error;
  }
  return { db: queries<Tables>(sqlite), sqlite, tallies: new Map(), close: () => sqlite.close() };
}
