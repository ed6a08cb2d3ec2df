import { z } from "zod";
import { count, hostId, plainText, queueName, time } from "./common";
import { filter } from "./queue";

export const actionKind = z.enum(["hold", "release", "requeue", "flush", "purge", "aside"]);
export type ActionKind = z.infer<typeof actionKind>;
export const newPlan = z.strictObject({ action: actionKind, filter });
const top = z.object({ key: z.string(), messages: count });
export const plan = z.object({
  id: z.string(),
  host: hostId,
  action: actionKind,
  filter: z.unknown(),
  messages: count,
  recipients: count,
  bytes: count,
  queues: z.array(z.object({ queue: queueName, messages: count })),
  /** Most first, at most 20 each; the counts beside say how many there are in all. */
  senders: z.array(top),
  senderCount: count,
  accounts: z.array(z.object({ key: z.string().nullable(), messages: count })),
  accountCount: count,
  sample: z.array(
    z.object({
      id: z.string(),
      sender: z.string(),
      account: z.string().nullable(),
      subject: z.string().nullable(),
      arrival: time,
    }),
  ),
  warnings: z.array(z.object({ code: z.string(), message: z.string() })),
  /** What must be typed to confirm; null where a press is enough. */
  confirm: z.string().nullable(),
  /** The commands that the host's script runs for it, to read and copy. */
  commands: z.array(z.string()),
  asOf: time,
  expires: time,
});
export type Plan = z.infer<typeof plan>;

export const newAction = z.strictObject({
  plan: z.string(),
  /** What the admin typed, where the plan asks for it. */
  confirm: z.union([z.string(), z.number(), z.boolean()]).optional(),
  reason: plainText(500).optional(),
});
export const actionState = z.enum(["waiting", "running", "done", "failed", "cancelled", "undoing", "undone"]);
export const skipReason = z.enum([
  "gone",
  "changed",
  "delivered",
  "in-delivery",
  "other-account",
  "cancelled",
  "error",
  "unknown",
]);
export const action = z.object({
  id: z.string(),
  host: hostId,
  kind: actionKind,
  state: actionState,
  /** hold, identify, wait, archive, delete, restore …: what is being done now. */
  stage: z.string().nullable(),
  planned: count,
  done: count,
  skipped: z.array(z.object({ reason: skipReason, messages: count, ids: z.array(z.string()).max(50) })),
  /** Of a requeue: which id each message has now, at most 1,000, and only of one action asked for; delivered ones have none. */
  newIds: z.array(z.object({ id: z.string(), newId: z.string() })).max(1000),
  /** Messages that match the filter but came after the plan: not touched. */
  arrivedLater: count.nullable(),
  perSecond: z.number().nullable(),
  startedAt: time.nullable(),
  endedAt: time.nullable(),
  /** True while an undo is offered (a purge's archive is there; a hold can be released …). */
  undoable: z.boolean(),
  undoneAt: time.nullable(),
  by: z.string(),
  reason: z.string().nullable(),
  filter: z.unknown(),
  problem: z.string().nullable(),
  bytes: count,
});
export type Action = z.infer<typeof action>;
export const actions = z.object({ actions: z.array(action), next: z.string().nullable() });

export const auditEntry = z.object({
  seq: count,
  at: time,
  by: z.string(),
  host: z.string().nullable(),
  what: z.string(),
  detail: z.unknown(),
  hash: z.string(),
});
export type AuditEntry = z.infer<typeof auditEntry>;
export const audit = z.object({ entries: z.array(auditEntry), next: z.string().nullable(), intact: z.boolean() });

export const archive = z.object({
  action: z.string(),
  host: hostId,
  messages: count,
  bytes: count,
  madeAt: time,
  expires: time.nullable(),
  kind: actionKind,
});
export type Archive = z.infer<typeof archive>;

/** "Keep at it": hold, as it comes, whatever matches. */
export const standing = z.object({
  id: z.string(),
  host: hostId,
  filter: z.unknown(),
  since: time,
  until: time.nullable(),
  by: z.string(),
  held: count,
  problem: z.string().nullable(),
});
export type Standing = z.infer<typeof standing>;

export const alert = z.object({
  id: z.string(),
  host: hostId,
  account: z.string(),
  at: time,
  lastAt: time,
  score: z.number(),
  verdict: z.enum(["watch", "suspect", "compromised"]),
  sentences: z.array(z.string()),
  /** How the account stands on that host now, as Sluice set it. */
  suspended: z.enum(["reject", "hold", "none"]),
  acknowledged: z.object({ at: time, by: z.string(), note: z.string() }).nullable(),
});
export type Alert = z.infer<typeof alert>;

export const incident = z.object({
  id: z.string(),
  account: z.string(),
  hosts: z.array(hostId),
  openedAt: time,
  openedBy: z.string(),
  closedAt: time.nullable(),
  notes: z.array(z.object({ at: time, by: z.string(), text: z.string() })),
  findings: z.array(z.string()),
  actions: z.array(z.string()),
});
export type Incident = z.infer<typeof incident>;
