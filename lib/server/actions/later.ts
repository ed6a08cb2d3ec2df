import "server-only";
import type { Filter } from "../../core/filter";
import { compileFilter } from "../../core/match";
import { type ActionRecord, plannedIds } from "../../store/state/actions";
import { atMost, wholeListing } from "../queue/queue";
import { eachSlowly } from "../queue/snapshot";
import { state } from "../state";

/**
 * How many messages match the action's filter now that the plan did not name: they came later and were not touched.
 * A filter of chosen ids has none. null where the queue could not be looked at.
 */
export async function arrivedLater(action: ActionRecord): Promise<number | null> {
  const filter = JSON.parse(action.filter) as Filter;
  if (filter.ids) return 0;
  const snapshot = await wholeListing(action.host, 0);
  await atMost(20_000, snapshot.resolved);
  const planned = plannedIds(state(), action.id);
  const test = compileFilter(filter, snapshot.asOf);
  let later = 0;
  await eachSlowly(snapshot.messages, (message) => {
    if (test(message) && !planned.has(`${message.instance}/${message.id}`)) later++;
  });
  return later;
}
