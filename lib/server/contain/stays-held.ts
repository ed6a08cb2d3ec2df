import "server-only";
import { compileFilter } from "../../core/match";
import { brakesOf } from "../../store/state/brakes";
import { type HeldMessage, heldByActions, heldKey } from "../../store/state/held";
import { standingInForce } from "../../store/state/standing";
import { suspensionsOf } from "../../store/state/suspensions";
import { listingsOf } from "../queue/host-queues";
import { wholeListing } from "../queue/queue";
import { state } from "../state";

/** `INSTANCE/ID` of what stays on hold, with whether it is held for the sake of its account alone (and so lifted with it). */
export type Staying = Map<string, HeldMessage & { forAccount: boolean }>;

/**
 * What is on hold and wanted there without the brake: a hold action since the brake went on has it, a standing hold matches
 * it, or its login is quarantined. Taking the brake off must not send a thief's mail.
 */
export async function staysHeld(hostId: string): Promise<Staying> {
  const brake = brakesOf(state(), hostId).find(({ kind }) => kind === "hold-queue");
  const byAction = heldByActions(state(), hostId, brake?.since ?? 0);
  const standing = standingInForce(state(), hostId);
  const quarantined = new Set(
    suspensionsOf(state(), hostId).flatMap(({ mode, account }) => (mode === "hold" ? [account] : [])),
  );
  const stays: Staying = new Map();
  if (byAction.size + standing.length + quarantined.size === 0) return stays;
  const snapshot = await wholeListing(hostId, 0);
  const there = snapshot.messages.filter(({ queue }) => queue === "hold");
  await listingsOf(hostId).resolve(there);
  const filters = standing.map((row) => {
    // Where it lay when it was to be held does not matter any more.
    const { queue: _, ...filter } = JSON.parse(row.filter);
    return { text: row.filter, test: compileFilter(filter, snapshot.asOf) };
  });
  for (const message of there) {
    const account = message.account ?? "";
    const { instance, id, arrival } = message;
    const texts = [
      byAction.get(heldKey(message))?.filter,
      ...filters.filter(({ test }) => test(message)).map(({ text }) => text),
    ].filter((text) => text !== undefined);
    const kept = account !== "" && quarantined.has(account);
    if (texts.length === 0 && !kept) continue;
    const forAccount = kept || texts.includes(JSON.stringify({ account: [account] }));
    stays.set(`${instance}/${id}`, { instance, id, arrival, account, forAccount });
  }
  return stays;
}
