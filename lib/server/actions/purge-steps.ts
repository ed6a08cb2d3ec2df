import "server-only";
import { type Outcome, skipFor } from "../../core/safe-action";
import type { ActionItemRow } from "../../store/state/tables";
import { compare } from "./identify";
import { byKey, type Change, keyOf, named, ours, type Run } from "./run";

/** How often, half a second apart, a message is asked for that an agent still has. */
const patience = 60;

/** Puts on hold and into the action's archive, compares it there with the plan, and deletes what is the same. */
export async function keepAndDrop(run: Run): Promise<void> {
  for (let round = 0; round < 4; round++) {
    run.stage("hold and archive");
    await keepAll(run);
    run.stage("delete");
    if ((await dropAll(run)) === 0) return;
  }
  await giveUpOnBusy(run);
}

async function keepAll(run: Run): Promise<void> {
  for (let tries = 0; ; tries++) {
    let busy = 0;
    await run.slices({ open: true, stages: [null, "holding", "held"] }, run.batch, async (items) => {
      busy += await keepSome(run, items);
    });
    if (busy === 0) return;
    if (tries >= patience) return giveUpOnBusy(run);
    if (tries === 0) run.stage("wait");
    await run.sleep(500);
  }
}

/**
 * Answers how many an agent has. What was on hold already, not by this action, is noted as having been there: giving back
 * leaves it. Ids that went to other messages in the meantime are held for a moment too; what differs is released.
 */
async function keepSome(run: Run, items: ActionItemRow[]): Promise<number> {
  const { id: action, kind: op } = run.action;
  await run.change(items.filter(({ stage }) => stage === null).map(({ n }) => ({ n, stage: "holding" })));
  const rows = byKey(await run.calls.ask("keep", { action, op }, items.map(named)));
  const changes: Change[] = [];
  const others: ActionItemRow[] = [];
  let busy = 0;
  for (const item of items) {
    const { n } = item;
    const row = rows.get(keyOf(item));
    const was = item.stage === null && row?.put === "already" ? { queue: "hold" } : {};
    const end = (outcome: Outcome, said: string) => changes.push({ n, ...was, outcome, said });
    const back = () => others.push({ ...item, ...was });
    if (!row) end("unknown", "the host did not answer for it");
    else if (row.outcome === "gone")
      end("gone", item.stage === "held" ? "was taken off hold by another" : "left the queue");
    else if (row.outcome === "left") end("error", "could not be put on hold");
    else if (row.outcome !== "kept" && row.outcome !== "husk") {
      back();
      if (row.outcome === "changed") end("changed", "another file was kept under this id");
      else end("error", "its file could not be read, or not be archived");
    } else {
      const found = compare(item, row);
      if (found.length > 0) {
        back();
        end(skipFor(found), `another message has this id: ${found.join(", ")}`);
      } else if (row.locked === "1") {
        busy++;
        changes.push({ n, ...was, stage: "held" });
      } else if (row.outcome === "husk") {
        back();
        end("delivered", "all its recipients had been served");
      } else changes.push({ n, ...was, stage: "kept", inode: row.inode, sha256: row.sha256 });
    }
  }
  await giveBack(run, others);
  await run.change(changes);
  return busy;
}

/** Takes the archive's name of messages away and releases those that this action had put on hold. */
export async function giveBack(run: Run, items: ActionItemRow[]): Promise<void> {
  if (items.length === 0) return;
  await run.calls.ask("unkeep", { action: run.action.id }, items.map(named));
  const held = items.filter(ours);
  if (held.length > 0) await run.calls.ask("release", {}, held.map(named));
}

/**
 * Answers how many were locked again and must be kept anew. The host's journal says what was deleted by a call whose answer
 * was cut, so nothing is written here before. ("dropping" is what an earlier version wrote.)
 */
async function dropAll(run: Run): Promise<number> {
  let again = 0;
  await run.slices({ open: true, stages: ["kept", "dropping"] }, run.batch, async (items) => {
    const asked = items.map((item) => ({ ...named(item), inode: item.inode ?? "0", sha256: item.sha256 ?? "" }));
    const rows = byKey(await run.calls.ask("drop", { action: run.action.id }, asked));
    const nowhere = await nowhereOf(
      run,
      items.filter((item) => rows.get(keyOf(item))?.outcome === "cut"),
    );
    const changes: Change[] = [];
    const back: ActionItemRow[] = [];
    for (const item of items) {
      const { n } = item;
      const outcome = rows.get(keyOf(item))?.outcome;
      // Begun by a call that was cut, and nowhere now: that call deleted it.
      if (outcome === "dropped" || nowhere.has(n)) changes.push({ n, stage: "dropped", outcome: "done" });
      else if (outcome === "locked") {
        again++;
        changes.push({ n, stage: "held" });
      } else if (outcome === undefined) changes.push({ n, outcome: "unknown", said: "the host did not answer for it" });
      else {
        back.push(item);
        if (outcome === "gone" || outcome === "cut")
          changes.push({ n, outcome: "gone", said: "was taken off hold by another" });
        else if (outcome === "changed") changes.push({ n, outcome: "changed", said: "its file changed" });
        else changes.push({ n, outcome: "error", said: outcome === "left" ? "stayed on hold" : "was not archived" });
      }
    }
    await giveBack(run, back);
    await run.change(changes);
  });
  return again;
}

async function nowhereOf(run: Run, items: ActionItemRow[]): Promise<Set<number>> {
  if (items.length === 0) return new Set();
  const rows = byKey(await run.calls.ask("look", {}, items.map(named)));
  // Another message can have the id by now; the archived file keeps its inode, so it is told by that.
  const gone = items.filter((item) => {
    const row = rows.get(keyOf(item));
    return row !== undefined && (row.queue === "" || row.inode !== item.inode);
  });
  return new Set(gone.map(({ n }) => n));
}

/** What an agent will not let go stays on hold, as it is, and is reported so. */
async function giveUpOnBusy(run: Run): Promise<void> {
  await run.slices({ open: true, stages: ["held"] }, run.batch, async (items) => {
    await run.calls.ask("unkeep", { action: run.action.id }, items.map(named));
    await run.change(items.map(({ n }) => ({ n, outcome: "in-delivery", said: "on hold, and still being delivered" })));
  });
}
