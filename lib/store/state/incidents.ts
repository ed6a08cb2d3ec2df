import "server-only";
import type { Selectable } from "kysely";
import type { State } from "./open";
import type { AuditRow, Tables } from "./tables";

export type IncidentRow = Selectable<Tables["incidents"]>;
export type NoteRow = { at: number; made_by: string; text: string };
export type LinkKind = Tables["incident_links"]["kind"];

/** Open ones first, then the newest. */
export function incidentRows({ sqlite, db }: State, limit = 500): IncidentRow[] {
  const query = db
    .selectFrom("incidents")
    .selectAll()
    .orderBy((eb) => eb("closed_at", "is not", null));
  return sqlite.now(query.orderBy("opened_at", "desc").limit(limit)).rows;
}

export function incidentRow({ sqlite, db }: State, id: string): IncidentRow | undefined {
  return sqlite.now(db.selectFrom("incidents").selectAll().where("id", "=", id)).rows[0];
}

export function openIncidentOf({ sqlite, db }: State, account: string): IncidentRow | undefined {
  const query = db.selectFrom("incidents").selectAll().where("account", "=", account).where("closed_at", "is", null);
  return sqlite.now(query.limit(1)).rows[0];
}

export function insertIncident({ sqlite, db }: State, row: IncidentRow): void {
  sqlite.now(db.insertInto("incidents").values(row));
}

export function addFindings({ sqlite, db }: State, id: string, findings: string): void {
  sqlite.now(db.updateTable("incidents").set({ findings }).where("id", "=", id));
}

/** False where it is closed already. */
export function closeIncident({ sqlite, db }: State, id: string, at: number, by: string): boolean {
  const query = db.updateTable("incidents").set({ closed_at: at, closed_by: by });
  return sqlite.now(query.where("id", "=", id).where("closed_at", "is", null)).changes > 0;
}

export function noteRows({ sqlite, db }: State, incident: string): NoteRow[] {
  const query = db.selectFrom("incident_notes").select(["at", "made_by", "text"]).where("incident", "=", incident);
  return sqlite.now(query.orderBy("id")).rows;
}

export function insertNote({ sqlite, db }: State, incident: string, note: NoteRow): void {
  sqlite.now(db.insertInto("incident_notes").values({ incident, ...note }));
}

/** Linking twice is linking once. */
export function link({ sqlite, db }: State, incident: string, kind: LinkKind, ref: string, at: number): void {
  const query = db.insertInto("incident_links").values({ incident, kind, ref, at });
  sqlite.now(query.onConflict((conflict) => conflict.doNothing()));
}

export function linked({ sqlite, db }: State, incident: string, kind: LinkKind): string[] {
  const query = db.selectFrom("incident_links").select("ref").where("incident", "=", incident).where("kind", "=", kind);
  return sqlite.now(query.orderBy("at").orderBy("ref")).rows.map(({ ref }) => ref);
}

export type AccountAction = {
  id: string;
  host: string;
  kind: string;
  state: string;
  made_at: number;
  made_by: string;
  reason: string | null;
  /** Messages of this account that the action brought to its end, and all that it planned of it. */
  done: number;
  planned: number;
};

/** Actions made in the span that touched mail of the account, oldest first. */
export function actionsOf({ sqlite, db }: State, account: string, from: number, to: number): AccountAction[] {
  const query = db
    .selectFrom("actions")
    .innerJoin("action_items", "action_items.action", "actions.id")
    .where("action_items.account", "=", account)
    .where("actions.made_at", ">=", from)
    .where("actions.made_at", "<=", to)
    .groupBy("actions.id")
    .orderBy("actions.made_at")
    .select(["actions.id", "actions.host", "kind", "state", "made_at", "made_by", "reason"])
    .select((eb) => [
      eb.fn.countAll<number>().as("planned"),
      eb.fn.countAll<number>().filterWhere("action_items.outcome", "=", "done").as("done"),
    ]);
  return sqlite.now(query).rows;
}

/** Audit entries of the span whose detail names the account somewhere, oldest first, at most 2,000. */
export function auditNaming({ sqlite, db }: State, account: string, from: number, to: number): Selectable<AuditRow>[] {
  const query = db
    .selectFrom("audit")
    .selectAll()
    .where("at", ">=", from)
    .where("at", "<=", to)
    // JSON text has the account as JSON writes it; instr takes no pattern.
    .where((eb) => eb(eb.fn<number>("instr", ["detail", eb.val(JSON.stringify(account))]), ">", 0));
  return sqlite.now(query.orderBy("seq").limit(2000)).rows;
}
