import "server-only";
import { identify } from "./identify";
import { byKey, type Change, keyOf, named, type Run } from "./run";

/**
 * Puts everything that is open on hold. What was on hold already, not by this action, is noted as having been there:
 * undoing leaves it. Ids that went to other messages in the meantime are held for a moment too; the next step, which
 * compares, releases them.
 */
export async function holdAll(run: Run): Promise<void> {
  run.stage("hold");
  await run.slices({ open: true, stages: [null, "holding"] }, run.batch, async (items) => {
    const asked = new Set(items.filter((item) => item.stage === "holding").map((item) => item.n));
    await run.change(items.map(({ n }) => ({ n, stage: "holding" })));
    const rows = byKey(await run.calls.ask("hold", {}, items.map(named)));
    await run.change(
      items.map((item): Change => {
        const { n } = item;
        const row = rows.get(keyOf(item));
        if (row?.outcome === "held") return { n, stage: "held" };
        if (row?.outcome === "already") return { n, stage: "held", queue: asked.has(n) ? item.queue : "hold" };
        if (row?.outcome === "gone") return { n, outcome: "gone", said: "left the queue" };
        if (row) return { n, outcome: "error", said: `stayed in ${row.queue}` };
        return { n, outcome: "unknown", said: "the host did not answer for it" };
      }),
    );
  });
}

export async function identifyHeld(run: Run): Promise<void> {
  run.stage("identify");
  await run.slices({ open: true, stages: ["held"] }, run.batch, async (items) => {
    const same = await identify(run, items, "hold");
    await run.change(same.map(({ n }) => ({ n, stage: "checked" })));
  });
}

/** A message held while an agent has it goes on being delivered: it is waited for, and looked at again. */
export async function settleHeld(run: Run): Promise<void> {
  run.stage("wait");
  await run.slices({ open: true, stages: ["checked"] }, run.batch, async (items) => {
    let busy = items;
    for (let tries = 0; busy.length > 0 && tries < 40; tries++) {
      if (tries > 0) await run.sleep(500);
      run.heed();
      const rows = byKey(await run.calls.ask("look", {}, busy.map(named)));
      const free = busy.filter((item) => rows.get(keyOf(item))?.locked !== "1");
      const late = tries > 0 ? await identify(run, free, "hold") : free;
      await run.change(
        late.map((item): Change => {
          const queue = rows.get(keyOf(item))?.queue;
          if (queue === "hold") return { n: item.n, outcome: "done" };
          return { n: item.n, outcome: "gone", said: queue ? `is in ${queue} now` : "left the queue" };
        }),
      );
      busy = busy.filter((item) => rows.get(keyOf(item))?.locked === "1");
    }
    await run.change(busy.map(({ n }) => ({ n, outcome: "in-delivery", said: "on hold, and still being delivered" })));
  });
}
