import "server-only";
import type { QueueCounts, QueueName } from "../core/queue";
import { queueNames } from "../core/queue";
import type { CallOptions, HostConnection } from "./connection";
import type { Row } from "./verbs";

export type ItemRef = { instance: string; id: string };

const refs = (items: readonly ItemRef[]) => items.map(({ instance, id }) => ({ instance, id }));
/** A batch of 100,000 on a slow host takes a while; each call's deadline grows with it. */
const deadlineFor = (items: readonly unknown[]) => 60_000 + items.length * 5;
export const queueOf = (text: string): QueueName | null => queueNames.find((name) => name === text) ?? null;

/** Files in the queue directories of each instance. Milliseconds, whatever the queue's size. */
export async function counts(conn: HostConnection, options?: CallOptions): Promise<Map<string, QueueCounts>> {
  const { rows } = await conn.call("counts", {}, [], { deadline: 20_000, ...options });
  const of = new Map<string, QueueCounts>();
  for (const { instance, queue, files } of rows) {
    const one = of.get(instance) ?? { maildrop: 0, incoming: 0, active: 0, deferred: 0, hold: 0, corrupt: 0 };
    const name = queueOf(queue);
    if (name) one[name] = Number(files);
    of.set(instance, one);
  }
  return of;
}

/**
 * The whole listing, one JSON text of `postqueue -j` at a time. Resolves to the number of messages when it came whole;
 * throws (host_answer_cut …) otherwise, and what was handed on until then is a part only.
 */
export async function listQueue(
  conn: HostConnection,
  onMessage: (instance: string, json: string) => void,
  options: CallOptions & { instance?: string; pace?: () => Promise<void> | undefined } = {},
): Promise<number> {
  const { instance = "", ...rest } = options;
  const handler = { json: onMessage };
  return (await conn.stream("list", { instance }, [], handler, { deadline: 600_000, ...rest })).rows;
}

/** What the queue file itself says. Times are ms since the epoch. */
export type Envelope = ItemRef & {
  queue: QueueName;
  inode: string;
  arrival: number;
  size: number;
  sender: string;
  /** null: no SASL login. */
  account: string | null;
  /** null: submitted on the host itself. */
  clientAddress: string | null;
  clientName: string | null;
  /** Recipients not yet done, and done. */
  left: number;
  done: number;
};

/** Only the fields that keep and envelopes have in common. */
export function envelopeFields(row: Omit<Row<"envelopes">, "queue" | "inode">) {
  return {
    instance: row.instance,
    id: row.id,
    arrival: Number(row.arrival) * 1000,
    size: Number(row.size),
    sender: row.sender,
    account: row.account || null,
    clientAddress: row.clientAddress || null,
    clientName: row.clientName || null,
    left: Number(row.left),
    done: Number(row.done),
  };
}

/** Envelopes of those that are in the queue; what is missing in the answer is in no queue. */
export async function envelopes(
  conn: HostConnection,
  items: readonly ItemRef[],
  options?: CallOptions,
): Promise<Envelope[]> {
  if (items.length === 0) return [];
  const { rows } = await conn.call("envelopes", {}, refs(items), { deadline: deadlineFor(items), ...options });
  return rows.flatMap((row) => {
    const queue = queueOf(row.queue);
    return queue ? [{ ...envelopeFields(row), queue, inode: row.inode }] : [];
  });
}

export type Look = ItemRef & { queue: QueueName | null; inode: string; locked: boolean };
/** Where each message is now, null for nowhere, and whether an agent has it. */
export async function look(conn: HostConnection, items: readonly ItemRef[], options?: CallOptions): Promise<Look[]> {
  if (items.length === 0) return [];
  const { rows } = await conn.call("look", {}, refs(items), { deadline: deadlineFor(items), ...options });
  return rows.map((row) => ({ ...row, queue: queueOf(row.queue), locked: row.locked === "1" }));
}

/** `postcat -beh` of one message (dates in UTC), at most 512 KiB. Throws not_found where it is in no queue. */
export async function message(
  conn: HostConnection,
  item: ItemRef,
  options?: CallOptions,
): Promise<{ queue: QueueName; text: Buffer; bytes: number }> {
  const { rows, data } = await conn.call("message", { instance: item.instance, id: item.id }, [], options);
  return {
    queue: queueOf(rows[0]?.queue ?? "") ?? "corrupt",
    text: Buffer.concat(data),
    bytes: Number(rows[0]?.bytes ?? 0),
  };
}

/** Raw Subject (not decoded, at most 500 bytes) of those found; null without one. */
export async function subjects(
  conn: HostConnection,
  items: readonly ItemRef[],
  options?: CallOptions,
): Promise<(ItemRef & { subject: string | null })[]> {
  if (items.length === 0) return [];
  const { rows } = await conn.call("subjects", {}, refs(items), options);
  return rows
    .filter((row) => row.found === "1")
    .map(({ instance, id, subject }) => ({ instance, id, subject: subject || null }));
}
