import "server-only";
import { randomBytes } from "node:crypto";
import type { Action } from "../../api/actions";
import { ApiError } from "../../api/errors";
import { confirms } from "../../core/plan";
import { canBeUndone, type Kind } from "../../core/safe-action";
import { type ActionRecord, changeAction, findAction, listActions, startAction } from "../../store/state/actions";
import { audit } from "../audit";
import { state } from "../state";
import { planById, planView } from "./make-plan";
import { runHost } from "./runner";
import { actionView } from "./view";

/** Starts what was planned, in the background. A plan runs once: plan_used for whoever comes second. */
export async function runPlan(
  given: { plan: string; confirm?: string | number | boolean; reason?: string },
  by: string,
): Promise<{ id: string }> {
  const plan = planById(given.plan);
  if (plan.used_by !== null) throw used(plan.used_by);
  const { confirm } = planView(plan);
  if (!confirms(confirm, plan.messages, given.confirm))
    throw new ApiError(
      "confirm_needed",
      `To confirm, type ${confirm === String(plan.messages) ? "the count" : "the account"}: ${confirm}`,
    );
  // Time does not say which of two is newer where both are of one ms; the rest is chance.
  const id = `${Date.now().toString(16).padStart(12, "0")}-${randomBytes(6).toString("hex")}`;
  const reason = given.reason ?? null;
  await audit(by, plan.host, `${plan.action} confirmed`, {
    action: id,
    plan: plan.id,
    filter: JSON.parse(plan.filter),
    messages: plan.messages,
    recipients: plan.recipients,
    bytes: plan.bytes,
    reason,
  });
  if (!startAction(state(), plan, { id, reason, made_at: Date.now(), made_by: by })) throw used(null);
  runHost(plan.host);
  return { id };
}

const used = (id: string | null) =>
  new ApiError("plan_used", "This plan was run already; nothing was done twice. Look at its action.", id ?? undefined);

function existing(id: string): ActionRecord {
  const row = findAction(state(), id);
  if (!row) throw new ApiError("not_found", "There is no such action.");
  return row;
}

export const getAction = (id: string): Action => actionView(state(), existing(id));

export function actionsPage(asked: { host?: string; state?: string; limit?: number; cursor?: string }): {
  actions: Action[];
  next: string | null;
} {
  const limit = asked.limit ?? 50;
  const [, at, id] = /^(\d{1,15})\.([a-z0-9-]{1,64})$/.exec(asked.cursor ?? "") ?? [];
  if (asked.cursor !== undefined && !id)
    throw new ApiError("bad_request", "cursor: take the `next` of the page before, or leave it out.");
  const before = id ? { at: Number(at), id } : undefined;
  const { host, state: wanted } = asked;
  const rows = listActions(state(), {
    ...(host ? { host } : {}),
    ...(wanted ? { state: wanted } : {}),
    ...(before ? { before } : {}),
    limit: limit + 1,
  });
  const last = rows.slice(0, limit).at(-1);
  return {
    actions: rows.slice(0, limit).map((row) => actionView(state(), row, true)),
    next: rows.length > limit && last ? `${last.made_at}.${last.id}` : null,
  };
}

/** Begins the undo; asking again while it runs, or afterwards, does nothing more. */
export async function undoAction(id: string, by: string): Promise<{ id: string }> {
  const row = canBegin(existing(id));
  if (!row) return { id };
  await audit(by, row.host, `undo of ${row.kind} asked`, { action: id });
  // Its archive may have been deleted while the trail was written.
  const now = canBegin(existing(id));
  if (!now) return { id };
  const detail = JSON.stringify({ ...JSON.parse(now.detail), undoBy: by });
  changeAction(state(), id, { state: "undoing", detail, problem: null }, ["done", "failed", "cancelled"]);
  runHost(row.host);
  return { id };
}

/** Null where the undo runs or ran already. */
function canBegin(row: ActionRecord): ActionRecord | null {
  if (row.state === "undoing" || row.state === "undone") return null;
  if (row.undoable !== 1 || row.archive_deleted_at !== null)
    throw new ApiError(
      "conflict",
      !canBeUndone(row.kind as Kind)
        ? `A ${row.kind} cannot be taken back.`
        : row.archive_deleted_at !== null
          ? "Its archive was deleted, so it cannot be taken back any more."
          : "There is nothing to take back: it has not ended, or nothing was done.",
    );
  return row;
}

/** Stops an action between two batches; what it had begun is given back. */
export async function cancelAction(id: string, by: string): Promise<Action> {
  const row = existing(id);
  if (row.state !== "waiting" && row.state !== "running")
    throw new ApiError("conflict", "It has ended already. What was done can be undone.");
  await audit(by, row.host, `${row.kind} cancel asked`, { action: id });
  const detail = JSON.stringify({ ...JSON.parse(row.detail), cancelledBy: by });
  changeAction(state(), id, { detail }, ["waiting", "running"]);
  runHost(row.host);
  return getAction(id);
}
