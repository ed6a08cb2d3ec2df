import "server-only";
import { type Sqlite, StoreError } from "../../sqlite";
import { hostsAndSettings } from "./001-hosts-and-settings";
import { actions } from "./002-actions";
import { incidents } from "./003-incidents";
import { auditTrail } from "./004-audit";
import { held } from "./005-held";

/** In order, for ever: a number that was released is not changed, only followed. Each is SQL, run in a transaction. */
export const migrations = [hostsAndSettings, actions, incidents, auditTrail, held];

/** Brings the file forward, one transaction a step. `user_version` in the file says how far it is. */
export function migrate(sqlite: Sqlite, steps: readonly string[] = migrations): void {
  const at = sqlite.all<{ user_version: number }>("PRAGMA user_version")[0]?.user_version ?? 0;
  if (at > steps.length)
    throw new StoreError(
      `${sqlite.file} is of a newer Sluice (form ${at}, this one knows ${steps.length}): run that version, or put back an older copy of the file.`,
    );
  for (let step = at; step < steps.length; step++) {
    sqlite.atOnce(() => {
      sqlite.exec(steps[step] ?? "");
      sqlite.exec(`PRAGMA user_version = ${step + 1}`);
    });
  }
}
