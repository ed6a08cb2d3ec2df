import "server-only";
import { randomBytes } from "node:crypto";
import type { Standing } from "../../api/actions";
import { ApiError } from "../../api/errors";
import type { Filter } from "../../core/filter";
import { compileFilter, narrows, withoutUnknowns } from "../../core/match";
import { canBePlanned } from "../../core/plan";
import type { QueueMessage } from "../../core/queue";
import { differences } from "../../core/safe-action";
import { forgetHeld, noteHeld } from "../../store/state/held";
import * as store from "../../store/state/standing";
import { audit } from "../audit";
import { subscribe } from "../bus";
import { host } from "../hosts/registry";
import { log } from "../log";
import { listingsOf } from "../queue/host-queues";
import { wholeListing } from "../queue/queue";
import { eachSlowly } from "../queue/snapshot";
import { singleton } from "../singleton";
import { state } from "../state";
import { callsOf, type HostCalls } from "./host-calls";
import { byKey } from "./run";

const iso = (ms: number) => new Date(ms).toISOString();
const view = (row: store.StandingRow): Standing => ({
  id: row.id,
  host: row.host,
  filter: JSON.parse(row.filter),
  since: iso(row.since),
  until: row.until === null ? null : iso(row.until),
  by: row.made_by,
  held: row.held,
  problem: row.problem,
});

/** "Keep at it": from now on what matches is held as it comes, for some hours or until it is lifted. */
export async function addStanding(hostId: string, filter: Filter, hours: number | null, by: string): Promise<Standing> {
  host(hostId);
  if (!narrows(filter)) throw new ApiError("bad_request", "Say which mail is to be held: give a filter.");
  if (filter.ids) throw new ApiError("bad_request", "Chosen messages do not come again: give a filter without ids.");
  const id = `s${randomBytes(8).toString("hex")}`;
  const since = Date.now();
  const until = hours === null ? null : since + hours * 3_600_000;
  await audit(by, hostId, "standing hold begun", { standing: id, filter, until: until === null ? null : iso(until) });
  store.addStanding(state(), {
    id,
    host: hostId,
    filter: JSON.stringify(filter),
    since,
    until,
    made_by: by,
    problem: null,
    ended_at: null,
    ended_by: null,
  });
  void passOver(hostId);
  return listStanding().find((one) => one.id === id) as Standing;
}

export const listStanding = (): Standing[] => store.standingInForce(state()).map(view);

export async function endStanding(id: string, by: string): Promise<void> {
  const row = store.findStanding(state(), id);
  if (!row) throw new ApiError("not_found", "There is no such standing hold.");
  if (row.ended_at !== null) return;
  await audit(by, row.host, "standing hold ended", { standing: id, held: row.held });
  store.changeStanding(state(), id, { ended_at: Date.now(), ended_by: by });
}

const at = singleton("standing", () => ({ busy: new Map<string, Promise<void>>(), next: new Map<string, number>() }));

/** Holds what came, whenever the queue has moved and every few seconds. Answers how to stop. */
export function startStanding(): () => void {
  const all = () => {
    for (const id of new Set(store.standingInForce(state()).map((row) => row.host))) void passOver(id);
  };
  const timer = setInterval(all, 4000);
  const end = subscribe((name, data) => {
    if (name === "queue" && "listing" in data && data.listing === null) void passOver(data.host);
  });
  return () => {
    clearInterval(timer);
    end();
  };
}

/** One pass over a host's queue for all of its standing holds; one at a time. Never throws. */
export function passOver(hostId: string): Promise<void> {
  const running = at.busy.get(hostId);
  if (running) return running;
  const rows = store.standingInForce(state(), hostId);
  if (rows.length === 0 || Date.now() < (at.next.get(hostId) ?? 0)) return Promise.resolve();
  const began = Date.now();
  const done = holdWhatCame(hostId, rows)
    .catch((error: Error) => {
      log.warn({ err: error, host: hostId }, "standing hold could not look");
      for (const row of rows) store.changeStanding(state(), row.id, { problem: error.message });
    })
    .finally(() => {
      at.busy.delete(hostId);
      // Listing a large queue is work for the host: it gets three times as long to rest.
      at.next.set(hostId, Date.now() + Math.max(1000, 3 * (Date.now() - began)));
    });
  at.busy.set(hostId, done);
  return done;
}

async function holdWhatCame(hostId: string, rows: store.StandingRow[]): Promise<void> {
  const now = Date.now();
  const ended = rows.filter((row) => row.until !== null && row.until < now);
  for (const row of ended) await endStanding(row.id, "sluice");
  const open = rows.filter((row) => !ended.includes(row));
  if (open.length === 0) return;
  const snapshot = await wholeListing(hostId, 0);
  const calls = callsOf(host(hostId).conn);
  const already = new Set<QueueMessage>();
  for (const row of open) {
    const filter = JSON.parse(row.filter) as Filter;
    const may = compileFilter(withoutUnknowns(filter), snapshot.asOf);
    const candidates: QueueMessage[] = [];
    await eachSlowly(snapshot.messages, (message) => {
      if (canBePlanned("hold", message) && !already.has(message) && may(message)) candidates.push(message);
    });
    await listingsOf(hostId).resolve(candidates);
    const test = compileFilter(filter, snapshot.asOf);
    const wanted = candidates.filter((m) => m.account !== undefined && test(m));
    // Written before, so that what a cut call held is known to be ours.
    noteHeld(
      state(),
      hostId,
      wanted.map(({ account, ...m }) => ({ ...m, account: account ?? "" })),
    );
    const kept = await holdExactly(calls, wanted);
    const held = kept.size;
    for (const message of kept) already.add(message);
    forgetHeld(
      state(),
      hostId,
      wanted.filter((m) => !kept.has(m)),
    );
    if (held > 0) await audit("sluice", hostId, "standing hold held", { standing: row.id, messages: held });
    const total = store.findStanding(state(), row.id)?.held ?? row.held;
    store.changeStanding(state(), row.id, { held: total + held, problem: null });
  }
}

/** Holds these, looks at each, and lets go what is another message under the same id. Answers which it holds. */
async function holdExactly(calls: HostCalls, messages: QueueMessage[]): Promise<Set<QueueMessage>> {
  if (messages.length === 0) return new Set();
  const items = messages.map(({ instance, id }) => ({ instance, id: id as string }));
  const outcomes = byKey(await calls.ask("hold", {}, items));
  const put = messages.filter((m) => outcomes.get(`${m.instance}/${m.id}`)?.outcome === "held");
  if (put.length === 0) return new Set();
  const seen = byKey(
    await calls.ask(
      "envelopes",
      {},
      put.map(({ instance, id }) => ({ instance, id: id as string })),
    ),
  );
  const others = put.filter((message) => {
    const row = seen.get(`${message.instance}/${message.id}`);
    if (row?.queue !== "hold" || row.arrival === "") return false;
    const is = {
      arrival: Number(row.arrival) * 1000,
      size: Number(row.size),
      sender: row.sender,
      account: row.account || null,
    };
    return differences({ ...message, account: message.account ?? null }, is).length > 0;
  });
  if (others.length > 0)
    await calls.ask(
      "release",
      {},
      others.map(({ instance, id }) => ({ instance, id: id as string })),
    );
  const another = new Set(others);
  return new Set(put.filter((message) => !another.has(message)));
}
