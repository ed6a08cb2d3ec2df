import "server-only";
import { ApiError } from "../../api/errors";
import type { GroupKey, QueueGroups, QueueMessages } from "../../api/queue";
import { asksUnknowns } from "../../core/match";
import { apiErrors } from "../actions/api-errors";
import { groupsOf, pageOf, readCursor } from "./answer";
import { filterOf } from "./filter-query";
import { listingsOf } from "./host-queues";
import type { Listings } from "./listings";
import type { Sort } from "./order";
import { breathe, type Snapshot } from "./snapshot";

type Query = { group?: GroupKey; limit?: number; cursor?: string; sort?: Sort; fresh?: "0" | "1" };

/**
 * The queue of a host, as groups or as a page of messages. `fresh=1` lists anew; `fresh=0` takes what is there, even
 * a listing whose end is still to come (`complete` false); without it the answer is of the last whole listing, made
 * anew where the queue has moved.
 */
export const queueOf = (id: string, query: Query, search: URLSearchParams): Promise<QueueGroups | QueueMessages> =>
  apiErrors(async () => {
    const filter = filterOf(search);
    const { snapshot: wanted, at } = readCursor(query.cursor);
    const listings = listingsOf(id);
    const snapshot = (wanted && listings.byId(wanted)) || (await chosen(listings, query.fresh));
    const about = query.group === "account" || query.group === "client" || asksUnknowns(filter);
    if (about && query.fresh !== "0" && snapshot.unresolved > 0) await atMost(3000, snapshot.resolved);
    return query.group
      ? groupsOf(snapshot, filter, query.group, query.limit ?? 500)
      : pageOf(snapshot, filter, { sort: query.sort ?? "-arrival", limit: query.limit ?? 200, at });
  });

async function chosen(listings: Listings, fresh: "0" | "1" | undefined): Promise<Snapshot> {
  if (fresh === "1") return listings.fresh(0);
  if (fresh === undefined) return listings.current();
  const whole = listings.current();
  whole.catch(() => {});
  if (listings.latest) return listings.latest;
  await atMost(300, whole);
  for (let tries = 0; tries < 40; tries++) {
    if (listings.latest) return listings.latest;
    const { reading } = listings;
    if (reading && reading.messages.length >= 200) return { ...reading, messages: reading.messages.slice() };
    await atMost(50, whole);
  }
  return whole;
}

/** Waits for a promise, but not longer; what it throws is thrown. */
export async function atMost(ms: number, promise: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms);
  });
  try {
    await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
  await breathe();
}

/** A whole listing no older than `maxAge` ms, to act on. Throws ApiError listing_partial where it was cut. */
export async function wholeListing(id: string, maxAge: number): Promise<Snapshot> {
  const snapshot = await listingsOf(id).fresh(maxAge);
  if (!snapshot.complete)
    throw new ApiError(
      "listing_partial",
      "The queue could not be listed whole, so nothing can be planned on it. List it again.",
    );
  return snapshot;
}
