/**
 * What the judge needs to know about one account: a window, and the account's own past before it. The event store
 * makes it by a handful of GROUP BYs; everything in it is a count, a time or a short list. Times are ms since the epoch.
 */
export type AccountFacts = {
  /** SASL login as written. */
  account: string;
  /** The window: `from` inclusive, `to` exclusive. The last hour in it may be unfinished. */
  from: number;
  to: number;
  /** Hours of the window in which anything happened, oldest first; hours begin at full UTC hours. */
  hours: HourFacts[];
  sessions: number;
  senders: SenderFacts;
  /** Most messages first, at most {@link clientLimit}; `clientCount` says how many there are in all. */
  clients: ClientFacts[];
  clientCount: number;
  /** HELO or EHLO names with how often they were seen, most first, at most 50. Few hosts log them: empty is usual. */
  heloNames: { name: string; count: number }[];
  recipientsPerMessage: RecipientHistogram;
  /** Wrong passwords before the first success in the window; all of them where there was no success. */
  failedBeforeFirstSuccess: number;
  /** Distinct addresses that these wrong passwords came from. */
  failedAddresses: number;
  /** When the first success in the window was; null without one. */
  firstSuccessAt: number | null;
  /** IMAP, POP3 and ManageSieve logins of the same user, by protocol and address; at most {@link clientLimit}. */
  mailbox: MailboxFacts[];
  /** Null where nothing at all is known of the account before the window. */
  baseline: BaselineFacts | null;
};

/** How many clients and mailbox addresses are given by name: the ones with the most messages. */
export const clientLimit = 500;

export type HourFacts = {
  /** The full hour it began. */
  at: number;
  messages: number;
  recipients: number;
  rejects: Partial<Record<RejectClass, number>>;
  /** Deliveries by status, one for each recipient (and for each try, of deferred). */
  delivered: number;
  bounced: number;
  deferred: number;
  /** Wrong passwords only; failures of the server itself are not counted. */
  failedLogins: number;
  /** Distinct /24 or /48 that submitted in this hour, and the countries among them (null ones left out). */
  networks: number;
  countries: string[];
};

/** What a refusal was about; {@link rejectClass} tells it from the reply's text. */
export const rejectClasses = [
  "unknown-recipient",
  "sender-not-allowed",
  "relay",
  "rate",
  "content",
  "blocklist",
  "other",
] as const;
export type RejectClass = (typeof rejectClasses)[number];

export type SenderFacts = {
  /** Distinct envelope senders, the null sender left out. */
  distinct: number;
  /** Of these the ones that {@link mayUse} (forged.ts) says the login has no right to, and their messages. */
  forged: number;
  forgedMessages: number;
  /** Distinct domains among the forged ones. */
  forgedDomains: number;
  /** Up to five forged ones, most messages first. */
  examples: { sender: string; messages: number }[];
};

export type ClientFacts = {
  address: string;
  /** /24 or /48, see {@link networkOf} (network.ts). */
  network: string;
  /** ISO 3166 two letters; null where the database does not know. */
  country: string | null;
  firstAt: number;
  lastAt: number;
  messages: number;
};

export type MailboxFacts = {
  protocol: string;
  address: string;
  network: string;
  country: string | null;
  ok: number;
  failed: number;
  firstAt: number;
  lastAt: number;
};

/** Messages by number of recipients. */
export type RecipientHistogram = {
  one: number;
  upTo5: number;
  upTo20: number;
  upTo50: number;
  upTo100: number;
  more: number;
};

/** The account's own past, at most the 30 days before the window. */
export type BaselineFacts = {
  from: number;
  to: number;
  /** Days (UTC) with at least one message. */
  daysSeen: number;
  /** Full hours with at least one message. */
  hoursSeen: number;
  messages: number;
  recipients: number;
  /** The most messages and recipients in one full hour. */
  messagesPerHourMax: number;
  recipientsPerHourMax: number;
  /** The most networks in one full hour. */
  networksPerHourMax: number;
  /** Networks (/24, /48) and countries that submitted or read mail; most used first, at most 500. */
  networks: string[];
  countries: string[];
  /** Messages by hour of the day in UTC, 24 numbers. */
  hoursOfDay: number[];
  rejects: number;
  delivered: number;
  bounced: number;
  deferred: number;
  failedLogins: number;
  /** Distinct envelope senders that the login has no right to. */
  forgedSenders: number;
};
