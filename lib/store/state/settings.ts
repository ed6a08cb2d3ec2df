import "server-only";
import type { State } from "./open";

/** Every stored setting by its key, parsed. Only what was ever changed is stored. */
export function storedSettings({ sqlite, db }: State): Record<string, unknown> {
  const { rows } = sqlite.now(db.selectFrom("settings").selectAll());
  return Object.fromEntries(rows.map((row) => [row.key, JSON.parse(row.value)]));
}

/** All of the values or none. */
export function storeSettings({ sqlite, db }: State, values: Record<string, unknown>): void {
  sqlite.atOnce(() => {
    for (const [key, given] of Object.entries(values)) {
      const value = JSON.stringify(given);
      sqlite.now(
        db
          .insertInto("settings")
          .values({ key, value })
          .onConflict((at) => at.column("key").doUpdateSet({ value })),
      );
    }
  });
}
