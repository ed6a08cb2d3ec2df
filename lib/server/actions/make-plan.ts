import "server-only";
import { randomBytes } from "node:crypto";
import type { Plan } from "../../api/actions";
import { ApiError } from "../../api/errors";
import type { Filter } from "../../core/filter";
import { compileFilter, narrows, withoutUnknowns } from "../../core/match";
import { decodeWords, harmless } from "../../core/mime";
import { canBePlanned, confirmText, planCounter, warningsOf } from "../../core/plan";
import type { QueueMessage } from "../../core/queue";
import { commandsOf, type Kind } from "../../core/safe-action";
import { dropPlans, findPlan, type NewPlanItem, type PlanRecord, storePlan } from "../../store/state/plans";
import { host } from "../hosts/registry";
import { log } from "../log";
import { listingsOf } from "../queue/host-queues";
import { wholeListing } from "../queue/queue";
import { eachSlowly, type Snapshot } from "../queue/snapshot";
import { settings } from "../settings";
import { state } from "../state";
import { apiErrors } from "./api-errors";
import { callsOf } from "./host-calls";

const validFor = 15 * 60_000;
const iso = (ms: number) => new Date(ms).toISOString();

/**
 * Freezes what matches now (and `only` wants) into a plan, stored message by message. Throws plan_empty, listing_partial,
 * bad_request.
 */
export const makePlan = (
  hostId: string,
  kind: Kind,
  filter: Filter,
  by: string,
  only: (message: QueueMessage) => boolean = () => true,
): Promise<Plan> =>
  apiErrors(async () => {
    if (!narrows(filter) && !filter.everything)
      throw new ApiError("bad_request", "Say which messages are meant: give a filter, or `everything: true`.");
    // Only for a large queue, which takes seconds to list, is a listing from just before taken.
    const large = (listingsOf(hostId).latest?.messages.length ?? 0) > 20_000;
    const snapshot = await wholeListing(hostId, large ? 5000 : 0);
    const { planned, left } = await choose(hostId, snapshot, kind, filter, only);
    if (planned.length === 0)
      throw new ApiError(
        "plan_empty",
        "No message in the queue matches, so there is nothing to do. Look at the filter.",
      );
    const counter = planCounter();
    await eachSlowly(planned, (message) => counter.add(message));
    const numbers = counter.numbers();
    const now = Date.now();
    const { messages, recipients, bytes, ...tops } = numbers;
    const summary = sampleOf(hostId, planned).then(
      (sample): Summary => ({
        ...tops,
        sample,
        warnings: warningsOf(kind, filter, numbers, { left, age: (now - snapshot.asOf) / 1000 }),
        confirm: confirmText(kind, filter, messages, settings().typedAbove),
        commands: commandsOf(kind),
      }),
    );
    const text = summary.then((made) => JSON.stringify(made));
    const plan = {
      id: `p${randomBytes(12).toString("hex")}`,
      host: hostId,
      action: kind,
      filter: JSON.stringify(filter),
      messages,
      recipients,
      bytes,
      as_of: snapshot.asOf,
      made_at: now,
      made_by: by,
      expires: now + validFor,
    };
    dropPlans(state(), now - 3_600_000);
    await storePlan(state(), plan, itemsOf(planned), text);
    return planView({ ...plan, summary: await text, complete: 1, used_by: null });
  });

type Summary = Pick<
  Plan,
  "queues" | "senders" | "senderCount" | "accounts" | "accountCount" | "sample" | "warnings" | "confirm" | "commands"
>;

/**
 * The messages that match and that the action applies to. First all that may match are chosen, then the accounts of
 * these are read to the last one: a plan holds no message whose account is not known.
 */
async function choose(
  hostId: string,
  snapshot: Snapshot,
  kind: Kind,
  filter: Filter,
  only: (message: QueueMessage) => boolean,
): Promise<{ planned: QueueMessage[]; left: number }> {
  const may = compileFilter(withoutUnknowns(filter), snapshot.asOf);
  const candidates: QueueMessage[] = [];
  await eachSlowly(snapshot.messages, (message) => {
    if (may(message)) candidates.push(message);
  });
  // Where most are meant, what the listing itself is about to find need not be found twice.
  if (candidates.length > snapshot.messages.length / 2) await snapshot.resolved;
  await listingsOf(hostId).resolve(candidates);
  const test = compileFilter(filter, snapshot.asOf);
  const planned: QueueMessage[] = [];
  let left = 0;
  await eachSlowly(candidates, (message) => {
    // What left the queue while it was read has no account that could be compared; it is not planned.
    if (message.account === undefined || !test(message) || !only(message)) return;
    if (canBePlanned(kind, message)) planned.push(message);
    else left++;
  });
  return { planned, left };
}

function* itemsOf(messages: QueueMessage[]): Generator<NewPlanItem> {
  for (const { instance, id, queue, arrival, size, sender, account, client, recipients } of messages)
    yield {
      instance,
      id,
      queue,
      arrival,
      size,
      sender,
      account: account ?? null,
      client: client ?? null,
      recipients: recipients.length,
    };
}

/** Ten of them, spread over the plan, with their subjects; a host that cannot say gives none. */
async function sampleOf(hostId: string, planned: QueueMessage[]): Promise<Plan["sample"]> {
  const step = Math.max(1, Math.floor(planned.length / 10));
  const chosen = planned.filter((_, at) => at % step === 0).slice(0, 10);
  const subjects = new Map<string, string>();
  try {
    const items = chosen.map(({ instance, id }) => ({ instance, id }));
    for (const row of await callsOf(host(hostId).conn).ask("subjects", {}, items))
      if (row.found === "1") subjects.set(`${row.instance}/${row.id}`, harmless(decodeWords(bytesOf(row.subject))));
  } catch (error) {
    log.warn({ err: error, host: hostId }, "subjects of a plan not read");
  }
  return chosen.map((message) => ({
    id: message.id,
    sender: message.sender,
    account: message.account ?? null,
    subject: subjects.get(`${message.instance}/${message.id}`) ?? null,
    arrival: iso(message.arrival),
  }));
}

/** A character a byte, as decodeWords takes it. */
const bytesOf = (text: string): string => Buffer.from(text, "utf8").toString("latin1");

export function planView(row: PlanRecord): Plan {
  const { id, host, action, messages, recipients, bytes } = row;
  return {
    id,
    host,
    action: action as Kind,
    filter: JSON.parse(row.filter),
    messages,
    recipients,
    bytes,
    ...(JSON.parse(row.summary) as Summary),
    asOf: iso(row.as_of),
    expires: iso(row.expires),
  };
}

/** Throws not_found, or plan_expired. */
export function planById(id: string): PlanRecord {
  const plan = findPlan(state(), id);
  if (!plan) throw new ApiError("not_found", "There is no such plan (any more). Make a new one.");
  if (plan.expires < Date.now() && plan.used_by === null)
    throw new ApiError(
      "plan_expired",
      "The plan is older than 15 minutes. Make a new one, over the queue as it is now.",
    );
  return plan;
}
