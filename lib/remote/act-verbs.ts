import "server-only";
import type { QueueName } from "../core/queue";
import type { CallOptions, HostConnection } from "./connection";
import { envelopeFields, type ItemRef, queueOf } from "./queue-verbs";

type Outcome<O extends string> = ItemRef & { outcome: O };
type Moved<O extends string> = Outcome<O> & { queue: QueueName | null };

const plain = ({ instance, id }: ItemRef) => ({ instance, id });
const deadline = (items: readonly unknown[]) => 120_000 + items.length * 10;

async function move<O extends string>(
  conn: HostConnection,
  verb: "hold" | "release" | "requeue",
  items: readonly ItemRef[],
  options?: CallOptions,
): Promise<Moved<O>[]> {
  if (items.length === 0) return [];
  const { rows } = await conn.call(verb, {}, items.map(plain), { deadline: deadline(items), ...options });
  return rows.map((row) => ({ ...row, outcome: row.outcome as O, queue: queueOf(row.queue) }));
}

/** held; already: was in hold before; gone: in no queue; left: elsewhere, not held. Seen by looking, not by exit codes. */
export type HoldOutcome = "held" | "already" | "gone" | "left";
export const hold = (conn: HostConnection, items: readonly ItemRef[], options?: CallOptions) =>
  move<HoldOutcome>(conn, "hold", items, options);
/** released; gone; left: still in hold; elsewhere: was not in hold. */
export type ReleaseOutcome = "released" | "gone" | "left" | "elsewhere";
export const release = (conn: HostConnection, items: readonly ItemRef[], options?: CallOptions) =>
  move<ReleaseOutcome>(conn, "release", items, options);
/** requeued: no longer under its id (the row's newId is the one it has now); gone: was in no queue before; left. */
export type RequeueOutcome = "requeued" | "gone" | "left";
export const requeue = (conn: HostConnection, items: readonly ItemRef[], options?: CallOptions) =>
  move<RequeueOutcome>(conn, "requeue", items, options);

/** Asks for delivery now: of these, or with an empty list of the whole queue. */
export async function flush(
  conn: HostConnection,
  items: readonly ItemRef[],
  options?: CallOptions,
): Promise<Outcome<"asked" | "gone">[]> {
  const { rows } = await conn.call("flush", {}, items.map(plain), { deadline: deadline(items), ...options });
  return rows.map((row) => ({ ...row, outcome: row.outcome as "asked" | "gone" }));
}

export type Kept = ReturnType<typeof envelopeFields> & { inode: string; sha256: string; locked: boolean; put: string };
/** husk: an agent has served all its recipients; it is not kept, and Postfix removes it once it is released. */
export type KeepResult = (Kept & { outcome: "kept" | "husk" }) | Outcome<"gone" | "left" | "changed" | "unread">;

/** Puts on hold what is not, links it into the action's archive and reads it there. May be repeated. */
export async function keep(
  conn: HostConnection,
  action: string,
  kind: "purge" | "aside",
  items: readonly ItemRef[],
  options?: CallOptions,
): Promise<KeepResult[]> {
  if (items.length === 0) return [];
  const { rows } = await conn.call("keep", { action, op: kind }, items.map(plain), {
    deadline: deadline(items),
    ...options,
  });
  return rows.map((row) =>
    row.outcome === "kept" || row.outcome === "husk"
      ? {
          ...envelopeFields(row),
          outcome: row.outcome,
          inode: row.inode,
          sha256: row.sha256,
          locked: row.locked === "1",
          put: row.put,
        }
      : { instance: row.instance, id: row.id, outcome: row.outcome as "gone" | "left" | "changed" | "unread" },
  );
}

/** Drops the archive's links; never the last name of a message. */
export async function unkeep(
  conn: HostConnection,
  action: string,
  items: readonly ItemRef[],
  options?: CallOptions,
): Promise<Outcome<"unkept" | "gone">[]> {
  if (items.length === 0) return [];
  const { rows } = await conn.call("unkeep", { action }, items.map(plain), { deadline: deadline(items), ...options });
  return rows.map((row) => ({ ...row, outcome: row.outcome as "unkept" | "gone" }));
}

export type DropOutcome = "dropped" | "gone" | "cut" | "changed" | "locked" | "unkept" | "left";
/** Deletes from hold exactly what was kept: same inode, same content, no agent at it. May be repeated. */
export async function drop(
  conn: HostConnection,
  action: string,
  items: readonly (ItemRef & { inode: string; sha256: string })[],
  options?: CallOptions,
): Promise<Outcome<DropOutcome>[]> {
  if (items.length === 0) return [];
  const lines = items.map(({ instance, id, inode, sha256 }) => ({ instance, id, inode, sha256 }));
  const { rows } = await conn.call("drop", { action }, lines, { deadline: deadline(items), ...options });
  return rows.map((row) => ({ ...row, outcome: row.outcome as DropOutcome }));
}

export type RestoreOutcome = "restored" | "already" | "taken" | "gone" | "damaged" | "left";
/** Brings kept messages back into hold under their own ids, never over an existing name. May be repeated. */
export async function restore(
  conn: HostConnection,
  action: string,
  items: readonly (ItemRef & { sha256: string })[],
  options?: CallOptions,
): Promise<Outcome<RestoreOutcome>[]> {
  if (items.length === 0) return [];
  const lines = items.map(({ instance, id, sha256 }) => ({ instance, id, sha256 }));
  const { rows } = await conn.call("restore", { action }, lines, { deadline: deadline(items), ...options });
  return rows.map((row) => ({ ...row, outcome: row.outcome as RestoreOutcome }));
}

export type HostArchive = {
  instance: string;
  action: string;
  kind: "purge" | "aside";
  messages: number;
  bytes: number;
  /** ms since the epoch. */
  made: number;
};
export async function archives(conn: HostConnection, options?: CallOptions): Promise<HostArchive[]> {
  const { rows } = await conn.call("archives", {}, [], options);
  return rows.map((row) => ({
    instance: row.instance,
    action: row.action,
    kind: row.kind === "aside" ? "aside" : "purge",
    messages: Number(row.messages),
    bytes: Number(row.bytes),
    made: Number(row.made) * 1000,
  }));
}

export async function deleteArchive(
  conn: HostConnection,
  action: string,
  options?: CallOptions,
): Promise<{ messages: number; bytes: number }> {
  const { rows } = await conn.call("archive-delete", { action }, [], { deadline: 600_000, ...options });
  const sum = (key: "messages" | "bytes") => rows.reduce((total, row) => total + Number(row[key]), 0);
  return { messages: sum("messages"), bytes: sum("bytes") };
}

/** Hands on each kept message: its bytes (parts, the last marked), then which it was. */
export async function readArchive(
  conn: HostConnection,
  action: string,
  form: "eml" | "raw",
  handler: {
    data(bytes: Buffer, last: boolean): void;
    message(item: ItemRef & { bytes: number }): void;
    pace?: () => Promise<void> | undefined;
  },
  options?: CallOptions,
): Promise<void> {
  await conn.stream(
    "archive-read",
    { action, op: form },
    [],
    { data: handler.data, row: ({ instance, id, bytes }) => handler.message({ instance, id, bytes: Number(bytes) }) },
    { deadline: 3_600_000, pace: handler.pace, ...options },
  );
}
