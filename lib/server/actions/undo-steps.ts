import "server-only";
import type { ActionItemRow } from "../../store/state/tables";
import { compare } from "./identify";
import { byKey, type Change, keyOf, named, ours, type Run } from "./run";

/** Takes an action back: a purge is restored, what was held is released, what was released is held. */
export async function undoAll(run: Run): Promise<void> {
  if (run.kind === "purge" || run.kind === "aside") {
    await restoreAll(run);
    await releaseRestored(run);
  } else if (run.kind === "release") await holdAgain(run);
  await releaseHeld(run);
}

const troubles: Record<string, string> = {
  taken: "another message has its id now",
  gone: "is not in the archive",
  damaged: "the archived file is not what was archived",
  left: "could not be put back",
};

/** From the archive into hold, where each message's own file comes back under its own name. */
async function restoreAll(run: Run): Promise<void> {
  run.stage("restore");
  await run.slices({ outcome: "done", stages: ["dropped", "restoring"] }, run.batch, async (items) => {
    await run.change(items.map(({ n }) => ({ n, stage: "restoring" })));
    const asked = items.map((item) => ({ ...named(item), sha256: item.sha256 ?? "" }));
    const rows = byKey(await run.calls.ask("restore", { action: run.action.id }, asked));
    await run.change(
      items.map(({ n, ...item }): Change => {
        const outcome = rows.get(keyOf(item))?.outcome;
        if (outcome === "restored" || outcome === "already") return { n, stage: "restored" };
        return { n, stage: "not-restored", said: troubles[outcome ?? ""] ?? "the host did not answer for it" };
      }),
    );
  });
}

/** To where they were: what had been waiting for delivery is released, what had been on hold stays there. */
async function releaseRestored(run: Run): Promise<void> {
  run.stage("release");
  await run.slices({ outcome: "done", stages: ["restored"] }, run.batch, async (items) => {
    const free = items.filter(ours);
    if (free.length > 0) await run.calls.ask("release", {}, free.map(named));
    await run.change(items.map(({ n }) => ({ n, stage: "back" })));
  });
}

/** Releases what this action put on hold and left there, if it is still the planned message. */
async function releaseHeld(run: Run): Promise<void> {
  if (run.kind === "release") return;
  run.stage("release");
  for (const outcome of run.kind === "hold" ? ["done", "in-delivery"] : ["in-delivery"])
    await run.slices({ outcome, stages: ["held", "checked"] }, run.batch, async (items) => {
      const held = items.filter(ours);
      const same = await stillOnHold(run, held);
      if (same.length > 0) await run.calls.ask("release", {}, same.map(named));
      await run.change(held.map(({ n }) => ({ n, stage: "back" })));
    });
}

async function stillOnHold(run: Run, items: ActionItemRow[]): Promise<ActionItemRow[]> {
  if (items.length === 0) return [];
  const rows = byKey(await run.calls.ask("envelopes", {}, items.map(named)));
  return items.filter((item) => {
    const row = rows.get(keyOf(item));
    return row?.queue === "hold" && row.arrival !== "" && compare(item, row).length === 0;
  });
}

async function holdAgain(run: Run): Promise<void> {
  run.stage("hold");
  await run.slices({ outcome: "done", stages: ["releasing"] }, run.batch, async (items) => {
    const rows = byKey(await run.calls.ask("hold", {}, items.map(named)));
    const held = items.filter((item) => ["held", "already"].includes(rows.get(keyOf(item))?.outcome ?? ""));
    const same = new Set(await stillOnHold(run, held));
    const others = held.filter((item) => !same.has(item) && rows.get(keyOf(item))?.outcome === "held");
    if (others.length > 0) await run.calls.ask("release", {}, others.map(named));
    await run.change(
      items.map(
        (item): Change => (same.has(item) ? { n: item.n, stage: "back" } : { n: item.n, stage: "not-restored" }),
      ),
    );
  });
}
