import "server-only";
import { randomUUID } from "node:crypto";
import type { Incident } from "../../api/actions";
import { ApiError } from "../../api/errors";
import { alertsBetween } from "../../store/state/alerts";
import {
  actionsOf,
  addFindings,
  closeIncident,
  type IncidentRow,
  incidentRow,
  incidentRows,
  insertIncident,
  insertNote,
  link,
  linked,
  noteRows,
  openIncidentOf,
} from "../../store/state/incidents";
import { audit } from "../audit";
import { state } from "../state";

/** What happened up to this long before it was opened belongs to it. */
const beforeMs = 24 * 3_600_000;
const iso = (ms: number) => new Date(ms).toISOString();

/** The time that an incident speaks of: from its first alert, or a day before it was opened, until it was closed. */
export function spanOf(row: IncidentRow, now: number): { from: number; to: number } {
  return { from: row.opened_at - beforeMs, to: row.closed_at ?? now };
}

/** Takes in what has become known since: sentences of the account's alerts, and actions on its mail. */
function gather(row: IncidentRow, now: number): IncidentRow {
  if (row.closed_at !== null) return row;
  const { from, to } = spanOf(row, now);
  const known: string[] = JSON.parse(row.findings);
  const all = new Set(known);
  for (const alert of alertsBetween(state(), row.account, from, to)) {
    link(state(), row.id, "alert", alert.id, alert.at);
    link(state(), row.id, "host", alert.host, alert.at);
    // Of each rule the newest sentence: numbers in it grow while an attack goes on.
    const told: { rule: string; sentence: string }[] = JSON.parse(alert.findings);
    for (const { rule, sentence } of told) {
      for (const old of all) if (old.startsWith(`${rule}: `)) all.delete(old);
      all.add(`${rule}: ${sentence}`);
    }
  }
  for (const action of actionsOf(state(), row.account, from, to)) {
    link(state(), row.id, "action", action.id, action.made_at);
    link(state(), row.id, "host", action.host, action.made_at);
  }
  const findings = JSON.stringify([...all]);
  if (findings !== row.findings) addFindings(state(), row.id, findings);
  return { ...row, findings };
}

function incidentOf(row: IncidentRow): Incident {
  return {
    id: row.id,
    account: row.account,
    hosts: linked(state(), row.id, "host"),
    openedAt: iso(row.opened_at),
    openedBy: row.opened_by,
    closedAt: row.closed_at === null ? null : iso(row.closed_at),
    notes: noteRows(state(), row.id).map(({ at, made_by, text }) => ({ at: iso(at), by: made_by, text })),
    findings: (JSON.parse(row.findings) as string[]).map((text) => text.replace(/^[a-z-]+: /, "")),
    actions: linked(state(), row.id, "action"),
  };
}

export function knownIncident(id: string): IncidentRow {
  const row = incidentRow(state(), id);
  if (!row) throw new ApiError("not_found", "There is no such incident: choose one from the list.");
  return gather(row, Date.now());
}

export const listIncidents = (): Incident[] => incidentRows(state()).map((row) => incidentOf(gather(row, Date.now())));
export const getIncident = (id: string): Incident => incidentOf(knownIncident(id));

/** Opens one, or adds the host to the account's open one: one theft is one incident on however many hosts. */
export async function openIncident(host: string, account: string, by: string): Promise<Incident> {
  const now = Date.now();
  let row = openIncidentOf(state(), account);
  if (!row) {
    const id = randomUUID();
    await audit(by, host, "incident opened", { incident: id, account });
    row = { id, account, opened_at: now, opened_by: by, closed_at: null, closed_by: null, findings: "[]" };
    insertIncident(state(), row);
  }
  link(state(), row.id, "host", host, now);
  return incidentOf(gather(row, now));
}

export async function changeIncident(
  id: string,
  change: { note?: string | undefined; close?: boolean | undefined },
  by: string,
): Promise<Incident> {
  const row = knownIncident(id);
  const now = Date.now();
  if (change.note) {
    await audit(by, null, "incident note", { incident: id, account: row.account, note: change.note });
    insertNote(state(), id, { at: now, made_by: by, text: change.note });
  }
  if (change.close) {
    await audit(by, null, "incident closed", { incident: id, account: row.account });
    if (!closeIncident(state(), id, now, by))
      throw new ApiError("conflict", "This incident is closed already: reload to see by whom.");
  }
  return getIncident(id);
}
