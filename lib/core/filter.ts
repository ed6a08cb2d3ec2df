import type { QueueName } from "./queue";

/**
 * Which messages of one listing are meant. Every key given must match; a list matches if one of its values does.
 * Matching is exact and case-sensitive unless said: `senderDomain`, `recipientDomain` fold case; `text` folds case.
 */
export type Filter = {
  /** SASL login, exactly; "" matches messages that have none. */
  account?: string[];
  /** Envelope sender, exactly; "" is the null sender. */
  sender?: string[];
  senderDomain?: string[];
  /** Glob over the sender: `*` any run, `?` one character; the whole address, case folded. */
  senderPattern?: string;
  /** Client address, or network as address/prefix. */
  client?: string[];
  /** Some recipient, exactly. */
  recipient?: string[];
  recipientDomain?: string[];
  recipientPattern?: string;
  queue?: QueueName[];
  /** Some recipient's reason, exactly as grouped (see reasonKey in reason.ts). */
  reason?: string[];
  /** Contained in sender, a recipient, a reason, the account, the client or the id. */
  text?: string;
  /** Arrived at least this many seconds before the listing. */
  olderThan?: number;
  /** Arrived at most this many seconds before the listing. */
  youngerThan?: number;
  /** Chosen queue ids, each as `ID` or `INSTANCE/ID`. */
  ids?: string[];
  instance?: string[];
  /** Not these, whatever else matches. */
  except?: { account?: string[]; sender?: string[]; senderDomain?: string[]; client?: string[]; recipient?: string[] };
  /** Said when everything is meant; an empty filter without it is refused for actions. */
  everything?: boolean;
};
