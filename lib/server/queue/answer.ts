import "server-only";
import { ApiError } from "../../api/errors";
import type { GroupKey, QueueGroups, QueueMessageRow, QueueMessages } from "../../api/queue";
import type { Filter } from "../../core/filter";
import { grouper } from "../../core/group";
import { compileFilter } from "../../core/match";
import type { QueueMessage } from "../../core/queue";
import { singleton } from "../singleton";
import { placesBy, type Sort } from "./order";
import { eachSlowly, type Snapshot } from "./snapshot";

const iso = (ms: number) => new Date(ms).toISOString();
const head = (snapshot: Snapshot, matched: number) => ({
  total: snapshot.messages.length,
  matched,
  asOf: iso(snapshot.asOf),
  complete: snapshot.complete,
  unresolved: snapshot.unresolved,
});

/** The messages that match, counted by a facet, the largest group first; at most `limit` groups. */
export async function groupsOf(
  snapshot: Snapshot,
  filter: Filter,
  facet: GroupKey,
  limit: number,
): Promise<QueueGroups> {
  const test = compileFilter(filter, snapshot.asOf);
  const counting = grouper(facet, snapshot.asOf);
  let matched = 0;
  await eachSlowly(snapshot.messages, (message) => {
    if (!test(message)) return;
    matched++;
    counting.add(message);
  });
  const groups = counting.groups().slice(0, limit);
  return { ...head(snapshot, matched), groups: groups.map((group) => ({ ...group, oldest: iso(group.oldest) })) };
}

type Asked = { sort: Sort; limit: number; at: number };

/** A page of the messages that match. `next` goes on in this very listing, as long as it is kept. */
export async function pageOf(snapshot: Snapshot, filter: Filter, asked: Asked): Promise<QueueMessages> {
  const places = await matching(snapshot, filter, asked.sort);
  const end = asked.at + asked.limit;
  return {
    ...head(snapshot, places.length),
    messages: places.slice(asked.at, end).map((place) => rowOf(snapshot.messages[place] as QueueMessage)),
    next: end < places.length ? `${snapshot.id}.${end}` : null,
  };
}

/** The listing and the place that a cursor names. */
export function readCursor(cursor: string | undefined): { snapshot: string | null; at: number } {
  if (cursor === undefined) return { snapshot: null, at: 0 };
  const [, snapshot, at] = /^([0-9a-f]{12})\.(\d{1,9})$/.exec(cursor) ?? [];
  if (!snapshot) throw new ApiError("bad_request", "cursor: take the `next` of the page before, or leave it out.");
  return { snapshot, at: Number(at) };
}

/** The last few answers, as places in their listing: a table that is scrolled asks for the same again. */
const recent = singleton("queue pages", () => new Map<string, Promise<number[]>>());

function matching(snapshot: Snapshot, filter: Filter, sort: Sort): Promise<number[]> {
  const key = JSON.stringify([snapshot.id, snapshot.messages.length, snapshot.unresolved, sort, filter]);
  const before = recent.get(key);
  if (before) return before;
  const found = (async () => {
    const test = compileFilter(filter, snapshot.asOf);
    const places: number[] = [];
    await eachSlowly(placesBy(snapshot.messages, sort), (place) => {
      if (test(snapshot.messages[place] as QueueMessage)) places.push(place);
    });
    return places;
  })();
  recent.set(key, found);
  for (const old of [...recent.keys()].slice(0, -6)) recent.delete(old);
  return found;
}

function rowOf(message: QueueMessage): QueueMessageRow {
  return {
    instance: message.instance,
    id: message.id,
    queue: message.queue,
    arrival: iso(message.arrival),
    size: message.size,
    sender: message.sender,
    account: message.account ?? null,
    client: message.client ?? null,
    recipients: message.recipients.map((to) => to.address),
    reason: message.recipients.find((to) => to.reason !== null)?.reason ?? null,
  };
}
