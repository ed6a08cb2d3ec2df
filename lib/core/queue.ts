import type { QueueId } from "./queue-id";

/** The queue directories that Sluice counts, in the order a message travels (qmgr(8)). */
export const queueNames = ["maildrop", "incoming", "active", "deferred", "hold", "corrupt"] as const;
export type QueueName = (typeof queueNames)[number];

/** Files in each queue directory. */
export type QueueCounts = Record<QueueName, number>;

/** A recipient still to be served, and why it waits (`delay_reason` of `postqueue -j`), if it does. */
export type QueueRecipient = { address: string; reason: string | null };

/** One message of one complete or partial listing. */
export type QueueMessage = {
  /** Name of the Postfix instance that has it; "postfix" where there is only one (postmulti(1)). */
  instance: string;
  id: QueueId;
  queue: QueueName;
  /** ms since the epoch; Postfix gives whole seconds. */
  arrival: number;
  /** Bytes, as the queue manager counts them. */
  size: number;
  /** Envelope sender; "" is the null sender. */
  sender: string;
  /** SASL login as it was written, null where the message has none, undefined where that is not known yet. */
  account: string | null | undefined;
  /** Client address, null for local submission, undefined where that is not known yet. */
  client: string | null | undefined;
  recipients: QueueRecipient[];
};

/** What makes a message the same message: ids are reused, these together are not. */
export type MessageIdentity = Pick<QueueMessage, "instance" | "id" | "arrival" | "size" | "sender"> & {
  account: string | null;
};
