import "server-only";
import type { Action } from "../../api/actions";
import type { Skip } from "../../core/safe-action";
import { type ActionRecord, idsOfOutcome, newIds, outcomeCounts } from "../../store/state/actions";
import type { State } from "../../store/state/open";

const iso = (ms: number | null) => (ms === null ? null : new Date(ms).toISOString());

/** An action as the contract shows it; in a list without what there is of each message. */
export function actionView(state: State, row: ActionRecord, listed = false): Action {
  const counts = outcomeCounts(state, row.id).filter(({ outcome }) => outcome !== null);
  const of = (wanted: string) => counts.find(({ outcome }) => outcome === wanted);
  const skipped = counts
    .filter(({ outcome }) => outcome !== "done")
    .map(({ outcome, messages }) => ({
      reason: outcome as Skip,
      messages,
      ids: idsOfOutcome(state, row.id, outcome ?? "", 50),
    }));
  const done = of("done")?.messages ?? 0;
  const seconds = row.started_at === null ? 0 : ((row.ended_at ?? Date.now()) - row.started_at) / 1000;
  return {
    id: row.id,
    host: row.host,
    kind: row.kind as Action["kind"],
    state: row.state as Action["state"],
    stage: row.stage,
    planned: row.planned,
    done,
    skipped,
    newIds: row.kind === "requeue" && !listed ? newIds(state, row.id, 1000) : [],
    arrivedLater: row.arrived_later,
    perSecond: seconds > 0.2 && done > 0 ? Math.round((10 * done) / seconds) / 10 : null,
    startedAt: iso(row.started_at),
    endedAt: iso(row.ended_at),
    undoable:
      row.undoable === 1 && row.archive_deleted_at === null && ["done", "failed", "cancelled"].includes(row.state),
    undoneAt: iso(row.undone_at),
    by: row.made_by,
    reason: row.reason,
    filter: JSON.parse(row.filter),
    problem: row.problem,
    bytes: row.bytes,
  };
}
