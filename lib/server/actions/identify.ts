import "server-only";
import { differences, type Outcome, skipFor } from "../../core/safe-action";
import type { ActionItemRow } from "../../store/state/tables";
import { byKey, type Change, identityOf, keyOf, named, ours, type Run } from "./run";

type Seen = { arrival: string; size: string; sender: string; account: string };

/** In what the records of a queue file differ from the plan. */
export const compare = (item: ActionItemRow, seen: Seen) =>
  differences(identityOf(item), {
    arrival: Number(seen.arrival) * 1000,
    size: Number(seen.size),
    sender: seen.sender,
    account: seen.account || null,
  });

/**
 * Compares messages with the plan by their queue files. Those that are the planned ones come back; of the others the
 * outcome is written, and what this action had put on hold is released again.
 */
export async function identify(run: Run, items: ActionItemRow[], where: "hold" | "anywhere"): Promise<ActionItemRow[]> {
  const rows = byKey(await run.calls.ask("envelopes", {}, items.map(named)));
  const same: ActionItemRow[] = [];
  const changes: Change[] = [];
  const back: ActionItemRow[] = [];
  const skip = (item: ActionItemRow, outcome: Outcome, said: string) => changes.push({ n: item.n, outcome, said });
  for (const item of items) {
    const row = rows.get(keyOf(item));
    if (!row) skip(item, "unknown", "the host did not answer for it");
    else if (row.queue === "") skip(item, "gone", "left the queue");
    else if (row.arrival === "") skip(item, "unknown", "its file could not be read");
    else if (where === "hold" && row.queue !== "hold") skip(item, "gone", `is in ${row.queue} now`);
    else {
      const found = compare(item, row);
      if (found.length > 0) {
        skip(item, skipFor(found), `another message has this id: ${found.join(", ")}`);
        if (where === "hold" && ours(item)) back.push(item);
      } else if (row.left === "0") skip(item, "delivered", "all its recipients had been served");
      else same.push(item);
    }
  }
  if (back.length > 0) await run.calls.ask("release", {}, back.map(named));
  await run.change(changes);
  return same;
}
