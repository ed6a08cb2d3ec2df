import "server-only";
import type { AccountFacts } from "../../core/judge/facts";
import { alertsBetween } from "../../store/state/alerts";
import {
  type AccountAction,
  actionsOf,
  auditNaming,
  type IncidentRow,
  linked,
  noteRows,
} from "../../store/state/incidents";
import type { JudgeFeed } from "../judge/feed";
import { state } from "../state";
import { spanOf } from "./incidents";

export type ReportEvent = { at: number; host: string | null; by: string; what: string };
/** Everything that a report says, before it is text. */
export type ReportFacts = {
  account: string;
  hosts: string[];
  from: number;
  to: number;
  openedAt: number;
  openedBy: string;
  closedAt: number | null;
  closedBy: string | null;
  findings: string[];
  /** One for each host whose log is known; null where it could not be read. */
  mail: { host: string; facts: AccountFacts | null }[];
  actions: AccountAction[];
  events: ReportEvent[];
};

const words: Record<string, string> = {
  hold: "held",
  purge: "archived and deleted",
  aside: "set aside",
  release: "released",
  requeue: "requeued",
  flush: "tried again",
};

/** What of the audit trail already stands in the report by another way. */
const twice = /^(incident|alert)/;

export async function reportFacts(row: IncidentRow, feed: Pick<JudgeFeed, "facts">): Promise<ReportFacts> {
  const { from, to } = spanOf(row, Date.now());
  const hosts = linked(state(), row.id, "host");
  const mail = await Promise.all(
    hosts.map(async (host) => ({ host, facts: await feed.facts(host, row.account, from, to).catch(() => null) })),
  );
  const actions = actionsOf(state(), row.account, from, to);
  const events: ReportEvent[] = [
    { at: row.opened_at, host: null, by: row.opened_by, what: "opened the incident" },
    ...alertsBetween(state(), row.account, from, to).flatMap((alert): ReportEvent[] => [
      { at: alert.at, host: alert.host, by: "Sluice", what: `alert: ${alert.verdict}, score ${alert.score}` },
      ...(alert.acknowledged_at === null
        ? []
        : [
            {
              at: alert.acknowledged_at,
              host: alert.host,
              by: alert.acknowledged_by ?? "",
              what: `acknowledged: ${alert.note ?? ""}`,
            },
          ]),
    ]),
    ...actions.map((action) => ({
      at: action.made_at,
      host: action.host,
      by: action.made_by,
      what: `${action.done} of ${action.planned} messages ${words[action.kind] ?? action.kind} (${action.state})${action.reason ? `: ${action.reason}` : ""}`,
    })),
    ...auditNaming(state(), row.account, from, to)
      .filter(({ what }) => !twice.test(what))
      .map(({ at, host, made_by, what }) => ({ at, host, by: made_by, what })),
    ...noteRows(state(), row.id).map(({ at, made_by, text }) => ({
      at,
      host: null,
      by: made_by,
      what: `note: ${text}`,
    })),
  ];
  if (row.closed_at !== null)
    events.push({ at: row.closed_at, host: null, by: row.closed_by ?? "", what: "closed the incident" });
  return {
    account: row.account,
    hosts,
    from,
    to,
    openedAt: row.opened_at,
    openedBy: row.opened_by,
    closedAt: row.closed_at,
    closedBy: row.closed_by,
    findings: (JSON.parse(row.findings) as string[]).map((text) => text.replace(/^[a-z-]+: /, "")),
    mail,
    actions,
    events: events.sort((a, b) => a.at - b.at),
  };
}
