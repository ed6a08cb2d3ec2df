import "server-only";
import type { QueueMessage } from "../../core/queue";
import type { HostCalls } from "../actions/host-calls";
import { breathe, type Snapshot } from "./snapshot";

/** Account and client of a message, as its queue file or the log says. */
export type Known = { account: string | null; client: string | null };
/** By {@link keyOf}: ids are reused, an id with its arrival is not. */
export type KnownMessages = Map<string, Known>;
/** What the log says of ids: only those that it knows. */
export type FromLog = (messages: readonly QueueMessage[]) => Promise<Map<QueueMessage, Known>>;

export const keyOf = (message: QueueMessage): string => `${message.instance}/${message.id}@${message.arrival}`;
/** Each call walks the host's queue once. */
const batch = 5000;

/** Fills in what was known before. */
export function recall(messages: readonly QueueMessage[], known: KnownMessages): void {
  for (const message of messages) {
    if (message.account !== undefined) continue;
    const before = known.get(keyOf(message));
    if (before) [message.account, message.client] = [before.account, before.client];
  }
}

/**
 * Finds account and client of these messages: from the log, else from their queue files. What has left the queue in
 * the meantime stays unknown. Throws what the host's calls throw.
 */
export async function resolveMessages(
  messages: readonly QueueMessage[],
  known: KnownMessages,
  fromLog: FromLog,
  ask: HostCalls["ask"],
  settled: () => void = () => {},
): Promise<void> {
  const learn = (message: QueueMessage, found: Known) => {
    [message.account, message.client] = [found.account, found.client];
    known.set(keyOf(message), found);
  };
  recall(messages, known);
  let open = messages.filter((message) => message.account === undefined);
  for (let at = 0; at < open.length; at += 5000) {
    for (const [message, found] of await fromLog(open.slice(at, at + 5000))) learn(message, found);
    settled();
    await breathe();
  }
  open = open.filter((message) => message.account === undefined);
  for (let at = 0; at < open.length; at += batch) {
    const part = open.slice(at, at + batch).filter((message) => message.account === undefined);
    if (part.length === 0) continue;
    const rows = await ask(
      "envelopes",
      {},
      part.map(({ instance, id }) => ({ instance, id })),
    );
    const byName = new Map(part.map((message) => [`${message.instance}/${message.id}`, message]));
    for (const row of rows) {
      const message = byName.get(`${row.instance}/${row.id}`);
      if (!message || row.queue === "" || row.arrival === "") continue;
      if (Number(row.arrival) * 1000 !== message.arrival) continue;
      learn(message, { account: row.account || null, client: row.clientAddress || null });
    }
    settled();
  }
}

/** Forgets what is no longer in the queue, so that the memory does not grow with time. */
export function prune(known: KnownMessages, snapshot: Snapshot): void {
  if (known.size < 2 * snapshot.messages.length + 1000) return;
  const keys = new Set(snapshot.messages.map(keyOf));
  for (const key of known.keys()) if (!keys.has(key)) known.delete(key);
}
