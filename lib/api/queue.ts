import { z } from "zod";
import { count, limit, plainText, queueName, time } from "./common";

const list = <T extends z.ZodType>(item: T) => z.array(item).min(1).max(5000).optional();
/** The filter of core/filter.ts as JSON: every key a list, or one value of it. */
const one = <T extends z.ZodType>(item: T) =>
  z.preprocess((v) => (v === undefined || Array.isArray(v) ? v : [v]), list(item));
const address = plainText(1000);
export const filter = z.strictObject({
  account: one(address),
  sender: one(address),
  senderDomain: one(address),
  senderPattern: plainText(500).optional(),
  client: one(plainText(100)),
  recipient: one(address),
  recipientDomain: one(address),
  recipientPattern: plainText(500).optional(),
  queue: one(queueName),
  reason: one(z.string().max(2000)),
  text: plainText(500).optional(),
  olderThan: z.coerce.number().int().nonnegative().optional(),
  youngerThan: z.coerce.number().int().nonnegative().optional(),
  ids: z.array(plainText(100)).max(200_000).optional(),
  instance: one(plainText(100)),
  except: z
    .strictObject({
      account: one(address),
      sender: one(address),
      senderDomain: one(address),
      client: one(plainText(100)),
      recipient: one(address),
    })
    .optional(),
  everything: z.boolean().optional(),
});
export const groupKey = z.enum([
  "account",
  "sender",
  "senderDomain",
  "client",
  "recipientDomain",
  "queue",
  "reason",
  "age",
  "instance",
]);
export type GroupKey = z.infer<typeof groupKey>;
/**
 * Filters as URL parameters, each repeatable; exceptions as exceptAccount … exceptRecipient. `fresh=1` lists anew.
 * sort: arrival, -arrival, size, -size.
 */
export const queueQuery = z.object({
  group: groupKey.optional(),
  limit: limit.optional(),
  cursor: z.string().max(200).optional(),
  sort: z.enum(["arrival", "-arrival", "size", "-size"]).optional(),
  fresh: z.enum(["0", "1"]).optional(),
});
export const queueGroup = z.object({
  /** null: not known (yet), or none. */
  key: z.string().nullable(),
  messages: count,
  recipients: count,
  bytes: count,
  oldest: time,
});
export const queueMessage = z.object({
  instance: z.string(),
  id: z.string(),
  queue: queueName,
  arrival: time,
  size: count,
  sender: z.string(),
  account: z.string().nullable(),
  client: z.string().nullable(),
  recipients: z.array(z.string()),
  reason: z.string().nullable(),
});
const listingHead = {
  total: count,
  matched: count,
  asOf: time,
  /** False for a listing that was cut: shown, but no action is offered on it. */
  complete: z.boolean(),
  /** Messages whose account and client are still being read from their queue files. */
  unresolved: count,
};
export const queueGroups = z.object({ ...listingHead, groups: z.array(queueGroup) });
export const queueMessages = z.object({
  ...listingHead,
  messages: z.array(queueMessage),
  next: z.string().nullable(),
});
export type QueueGroup = z.infer<typeof queueGroup>;
export type QueueGroups = z.infer<typeof queueGroups>;
export type QueueMessages = z.infer<typeof queueMessages>;
export type QueueMessageRow = z.infer<typeof queueMessage>;
export type FilterInput = z.input<typeof filter>;

/** One message, seen whole. Everything in it is the sender's word and hostile: it is shown as text. */
export const messageView = z.object({
  instance: z.string(),
  id: z.string(),
  queue: queueName.nullable(),
  envelope: z.object({
    sender: z.string().nullable(),
    arrival: time.nullable(),
    size: count.nullable(),
    account: z.string().nullable(),
    client: z.string().nullable(),
    recipients: z.array(z.object({ address: z.string(), done: z.boolean(), reason: z.string().nullable() })),
    attributes: z.record(z.string(), z.string()),
  }),
  /** In the order of the message; decoded per RFC 2047 for display. Empty where the message is not in the queue. */
  headers: z.array(z.object({ name: z.string(), value: z.string() })),
  /** Start of the text, at most 64 KiB; null where it is not in the queue. */
  body: z.string().nullable(),
  bodyCut: z.boolean(),
  deliveries: z.array(
    z.object({
      at: time,
      recipient: z.string(),
      relay: z.string().nullable(),
      dsn: z.string().nullable(),
      status: z.string(),
      reason: z.string(),
    }),
  ),
  account: z.string().nullable(),
  lines: z.array(z.object({ at: time.nullable(), text: z.string() })),
});
export type MessageView = z.infer<typeof messageView>;
