import "server-only";
import { archives, canBeUndone } from "../../core/safe-action";
import { changeAction, outcomeCounts } from "../../store/state/actions";
import { holdAll, identifyHeld, settleHeld } from "./hold-steps";
import { flushAll, releaseAll, requeueAll } from "./plain-steps";
import { giveBack, keepAndDrop } from "./purge-steps";
import { ours, type Run } from "./run";
import { undoAll } from "./undo-steps";

/** Runs an action from wherever it stands to its end. Throws Cancelled, or what the host's calls throw. */
export async function runSteps(run: Run): Promise<void> {
  switch (run.kind) {
    case "hold":
      await holdAll(run);
      await identifyHeld(run);
      return settleHeld(run);
    case "release":
      return releaseAll(run);
    case "requeue":
      await holdAll(run);
      await identifyHeld(run);
      return requeueAll(run);
    case "flush":
      return flushAll(run);
    case "purge":
    case "aside":
      return keepAndDrop(run);
  }
}

/** Gives what was begun and not done back to where it was, and says so of each. */
export async function giveUp(run: Run, outcome: "cancelled" | "error", said: string): Promise<void> {
  run.stage("give back");
  await run.slices({ open: true }, run.batch, async (items) => {
    const begun = items.filter((item) => item.stage !== null && ours(item));
    if (archives(run.kind)) await giveBack(run, begun);
    else if (run.kind !== "release" && run.kind !== "flush" && begun.length > 0)
      await run.calls.ask(
        "release",
        {},
        begun.map(({ instance, id }) => ({ instance, id })),
      );
    await run.change(items.map(({ n }) => ({ n, outcome, said })));
  });
}

/** Writes what came of it. */
export function finishRun(run: Run, state: "done" | "failed" | "cancelled", archiveDays: number): void {
  const counts = outcomeCounts(run.state, run.action.id);
  const done = counts.find(({ outcome }) => outcome === "done");
  const now = Date.now();
  const kept = archives(run.kind) ? done : undefined;
  const held = run.kind === "hold" ? counts.find(({ outcome }) => outcome === "in-delivery") : undefined;
  changeAction(run.state, run.action.id, {
    state,
    stage: null,
    done: done?.messages ?? 0,
    ended_at: now,
    undoable: canBeUndone(run.kind) && (done ?? held) ? 1 : 0,
    archive_messages: kept?.messages ?? 0,
    archive_bytes: kept?.bytes ?? 0,
    archive_expires: kept ? now + archiveDays * 86_400_000 : null,
    ...(state === "done" ? { problem: null } : {}),
  });
}

/** Takes the action back from wherever the undo stands. */
export async function undoSteps(run: Run, by: string): Promise<{ back: number; left: number }> {
  await undoAll(run);
  const rows = run.state.sqlite.all<{ stage: string; messages: number }>(
    "SELECT stage, count(*) AS messages FROM action_items WHERE action = ? AND stage IN ('back', 'not-restored') GROUP BY stage",
    run.action.id,
  );
  const of = (stage: string) => rows.find((row) => row.stage === stage)?.messages ?? 0;
  const [back, left] = [of("back"), of("not-restored")];
  changeAction(run.state, run.action.id, {
    state: "undone",
    stage: null,
    undone_at: Date.now(),
    undone_by: by,
    undoable: 0,
    archive_messages: archives(run.kind) ? left : 0,
    problem: left > 0 ? `${left} of ${back + left} messages could not be brought back; see the list.` : null,
  });
  return { back, left };
}
