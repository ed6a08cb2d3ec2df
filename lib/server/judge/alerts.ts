import "server-only";
import { randomUUID } from "node:crypto";
import type { Alert } from "../../api/actions";
import { ApiError } from "../../api/errors";
import type { Judgement } from "../../core/judge/judge";
import {
  type AlertRow,
  acknowledgeAlert,
  alertRow,
  alertRows,
  insertAlert,
  newestAlert,
  updateAlert,
} from "../../store/state/alerts";
import { findSuspension } from "../../store/state/suspensions";
import { audit } from "../audit";
import { publish } from "../bus";
import { state } from "../state";

/** An account that was quiet for so long begins a new episode. */
const episodeMs = 24 * 3_600_000;
const rank = { clear: 0, watch: 1, suspect: 2, compromised: 3 } as const;

const iso = (ms: number) => new Date(ms).toISOString();
export function alertOf(row: AlertRow): Alert {
  return {
    id: row.id,
    host: row.host,
    account: row.account,
    at: iso(row.at),
    lastAt: iso(row.last_at),
    score: row.score,
    verdict: row.verdict as Alert["verdict"],
    sentences: JSON.parse(row.sentences),
    suspended: (findSuspension(state(), row.host, row.account)?.mode ?? "none") as Alert["suspended"],
    acknowledged:
      row.acknowledged_at === null
        ? null
        : { at: iso(row.acknowledged_at), by: row.acknowledged_by ?? "", note: row.note ?? "" },
  };
}

export const listAlerts = (all: boolean): Alert[] => alertRows(state(), all).map(alertOf);

/**
 * Keeps what the judge found: one alert for an account and episode, brought up to date as more is found. What was
 * acknowledged stays so, unless the verdict grew worse since: that is news, and a new alert. Answers the alert's id
 * where there is one.
 */
export function raise(host: string, account: string, judged: Judgement, now: number): string | null {
  const before = newestAlert(state(), host, account);
  const lives = before && now - before.last_at < episodeMs;
  if (rank[judged.verdict] < rank.suspect) return null;
  const change = {
    last_at: now,
    score: judged.score,
    verdict: judged.verdict,
    sentences: JSON.stringify(judged.findings.map(({ sentence }) => sentence)),
    findings: JSON.stringify(judged.findings),
  };
  const worse = before && rank[judged.verdict] > rank[before.verdict as keyof typeof rank];
  if (before && lives && !(before.acknowledged_at !== null && worse)) {
    // An alert shows the worst of its episode: a verdict that swings would else be news again and again.
    if (rank[judged.verdict] < rank[before.verdict as keyof typeof rank]) return before.id;
    if (before.sentences === change.sentences && !worse) return before.id;
    updateAlert(state(), before.id, change);
    publish("alert", { id: before.id, host, account });
    return before.id;
  }
  const id = randomUUID();
  const nobody = { acknowledged_at: null, acknowledged_by: null, note: null };
  insertAlert(state(), { id, host, account, at: now, ...change, ...nobody });
  publish("alert", { id, host, account });
  return id;
}

export async function acknowledge(id: string, note: string, by: string): Promise<Alert> {
  const row = alertRow(state(), id);
  if (!row) throw new ApiError("not_found", "There is no such alert: reload the page.");
  await audit(by, row.host, "alert acknowledged", { alert: id, account: row.account, note });
  if (!acknowledgeAlert(state(), id, Date.now(), by, note))
    throw new ApiError("conflict", "Somebody has acknowledged this alert already: reload to see the note.");
  publish("alert", { id, host: row.host, account: row.account });
  return alertOf(alertRow(state(), id) ?? row);
}
