import "server-only";
import type { ActionItemRow } from "../../store/state/tables";
import { identify } from "./identify";
import { byKey, type Change, keyOf, named, type Run, type Stage } from "./run";

type Way = {
  verb: "release" | "requeue";
  asking: Stage;
  from: (Stage | null)[];
  did: string;
};

/** Takes held messages off hold, each compared with the plan before. */
export const releaseAll = (run: Run) =>
  askAll(run, { verb: "release", asking: "releasing", from: [null, "releasing"], did: "released" });

/** Sends held (and compared) messages through cleanup(8) again, under new ids. */
export const requeueAll = (run: Run) =>
  askAll(run, { verb: "requeue", asking: "requeueing", from: ["checked", "requeueing"], did: "requeued" });

async function askAll(run: Run, way: Way): Promise<void> {
  run.stage(way.verb);
  await run.slices({ open: true, stages: way.from }, run.batch, async (items) => {
    // Of those that a cut run had asked for already, what is no longer on hold was done by it.
    const before = items.filter(({ stage }) => stage === way.asking);
    const left = await finishCut(run, before);
    const open = await identify(run, [...items.filter(({ stage }) => stage !== way.asking), ...left], "hold");
    if (open.length === 0) return;
    await run.change(open.map(({ n }) => ({ n, stage: way.asking })));
    const rows = byKey(await run.calls.ask(way.verb, {}, open.map(named)));
    await run.change(
      open.map((item): Change => {
        const { n } = item;
        const row = rows.get(keyOf(item));
        const outcome = row?.outcome;
        if (outcome === way.did)
          return { n, outcome: "done", ...(row && "newId" in row ? { new_id: row.newId || null } : {}) };
        if (outcome === "left") return { n, outcome: "error", said: "stayed where it was" };
        if (outcome === undefined) return { n, outcome: "unknown", said: "the host did not answer for it" };
        return { n, outcome: "gone", said: "was taken off hold by another" };
      }),
    );
  });
}

/** Answers those that are still on hold. */
async function finishCut(run: Run, items: ActionItemRow[]): Promise<ActionItemRow[]> {
  if (items.length === 0) return [];
  const rows = byKey(await run.calls.ask("look", {}, items.map(named)));
  const held = items.filter((item) => rows.get(keyOf(item))?.queue === "hold");
  await run.change(items.filter((item) => !held.includes(item)).map(({ n }) => ({ n, outcome: "done" })));
  return held;
}

/** Asks for a delivery attempt of each message, compared with the plan before. */
export async function flushAll(run: Run): Promise<void> {
  run.stage("flush");
  await run.slices({ open: true }, 500, async (items) => {
    const same = await identify(run, items, "anywhere");
    if (same.length === 0) return;
    const rows = byKey(await run.calls.ask("flush", {}, same.map(named)));
    await run.change(
      same.map((item): Change => {
        const asked = rows.get(keyOf(item))?.outcome === "asked";
        return { n: item.n, stage: "asked", outcome: asked ? "done" : "gone" };
      }),
    );
  });
}
