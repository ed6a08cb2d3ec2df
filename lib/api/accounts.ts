import { z } from "zod";
import { count, time } from "./common";

export const accountRow = z.object({
  account: z.string(),
  /** Log lines with `sasl_username=ACCOUNT` and a queue id in the window: what grep counts. */
  messages: count,
  sessions: count,
  recipients: count,
  clients: count,
  networks: count,
  countries: count,
  senders: count,
  forgedSenders: count,
  failedLogins: count,
  rejects: count,
  firstSeen: time,
  lastSeen: time,
  /** Of the judge: the sum of the findings' weights, 0 to 100, and what it comes to. */
  score: z.number(),
  verdict: z.enum(["clear", "watch", "suspect", "compromised"]),
  suspended: z.enum(["reject", "hold", "none"]),
});
export type AccountRow = z.infer<typeof accountRow>;
export const accountRows = z.array(accountRow);

export const finding = z.object({
  rule: z.string(),
  weight: z.number(),
  /** The sentence, with its evidence in it. */
  sentence: z.string(),
  evidence: z.array(z.object({ label: z.string(), value: z.string() })),
  from: time,
  to: time,
});
export type Finding = z.infer<typeof finding>;

const named = z.object({ key: z.string(), count });
export const accountNumbers = z.object({
  messages: count,
  recipients: count,
  sessions: count,
  clients: count,
  networks24: count,
  networks16: count,
  networks48: count,
  /** Of IPv4 by /16, of IPv6 by /48, the most messages first. */
  networks: z.array(named),
  countries: z.array(named),
  /** Who runs the networks; empty without a database of providers (SLUICE_ASN_DB). */
  providers: z.array(named),
  senders: count,
  forgedSenders: count,
  heloNames: z.array(named),
  rejects: count,
  rejectReasons: z.array(named),
  delivered: count,
  bounced: count,
  deferred: count,
  failedLogins: count,
  failedBeforeFirstSuccess: count,
  firstSeen: time.nullable(),
  lastSeen: time.nullable(),
  mailboxLogins: z.array(z.object({ protocol: z.string(), address: z.string(), ok: count, failed: count })),
  topClients: z.array(z.object({ address: z.string(), country: z.string().nullable(), messages: count })),
  topSenders: z.array(z.object({ sender: z.string(), forged: z.boolean(), messages: count })),
});
export type AccountNumbers = z.infer<typeof accountNumbers>;
export const accountView = z.object({
  account: z.string(),
  from: time,
  to: time,
  numbers: accountNumbers,
  /** The same per hour of the account's own past before the window; null without a past. */
  baseline: z
    .object({
      from: time,
      to: time,
      messagesPerHour: z.number(),
      recipientsPerMessage: z.number(),
      networks24: count,
      countries: z.array(z.string()),
      failedLoginsPerHour: z.number(),
    })
    .nullable(),
  score: z.number(),
  verdict: z.enum(["clear", "watch", "suspect", "compromised"]),
  findings: z.array(finding),
  suspension: z.lazy(() => suspension),
  inQueue: z.object({ messages: count, recipients: count, bytes: count, held: count }).nullable(),
});
export type AccountView = z.infer<typeof accountView>;

export const session = z.object({
  key: z.string(),
  start: time,
  end: time.nullable(),
  service: z.string(),
  pid: count,
  client: z.object({ name: z.string(), address: z.string() }),
  country: z.string().nullable(),
  helo: z.string().nullable(),
  authOk: count,
  authTried: count,
  messages: z.array(
    z.object({
      id: z.string(),
      at: time,
      sender: z.string().nullable(),
      recipients: count,
      size: count.nullable(),
      subject: z.string().nullable(),
      outcome: z.object({ sent: count, deferred: count, bounced: count }),
    }),
  ),
  /** How many messages the session has in all; `messages` is cut at 200. */
  messageCount: count,
  rejects: z.array(
    z.object({
      at: time,
      stage: z.string(),
      code: z.string().nullable(),
      reason: z.string(),
      sender: z.string().nullable(),
      recipient: z.string().nullable(),
    }),
  ),
  rejectCount: count,
});
export type Session = z.infer<typeof session>;
export const sessions = z.object({ sessions: z.array(session), next: z.string().nullable() });

/** For the chart: bars of sessions, and counts in equal buckets. Arrays of one length, bucket by bucket. */
export const timeline = z.object({
  from: time,
  to: time,
  bucketSeconds: z.number(),
  buckets: z.array(
    z.object({
      at: time,
      messages: count,
      recipients: count,
      rejects: count,
      failedLogins: count,
      sessions: count,
      delivered: count,
      bounced: count,
      deferred: count,
    }),
  ),
  /** Networks (/24, /48) by messages, most first, with their share of each bucket. */
  networks: z.array(
    z.object({ network: z.string(), country: z.string().nullable(), messages: count, buckets: z.array(count) }),
  ),
  /** The same by country, where addresses are known to one. */
  countries: z.array(z.object({ country: z.string(), messages: count, buckets: z.array(count) })),
  /** Where the log itself says that lines are missing. */
  gaps: z.array(z.object({ at: time, missing: z.number().nullable(), reason: z.string() })),
});
export type Timeline = z.infer<typeof timeline>;

/** Numbers that lead to their lines; `forged` are the envelope senders that the login has no right to. */
export const lineKinds = [
  "messages",
  "recipients",
  "senders",
  "forged",
  "rejects",
  "failedLogins",
  "sessions",
  "deliveries",
  "bounces",
  "deferrals",
  "mailbox",
] as const;

export const suspensionMode = z.enum(["reject", "hold", "none"]);
export const suspension = z.object({
  mode: suspensionMode,
  since: time.nullable(),
  by: z.string().nullable(),
  reason: z.string().nullable(),
  /** False where the host's Postfix does not ask the table (yet): see the host check. */
  ready: z.boolean(),
});
export type Suspension = z.infer<typeof suspension>;
/** One part of Contain or of its lifting, and what really happened. */
export const containStep = z.object({
  host: z.string(),
  part: z.enum(["suspend", "hold-queue-mail", "keep-holding", "end-sessions", "mailbox-command"]),
  state: z.enum(["planned", "running", "done", "failed", "skipped"]),
  said: z.string(),
  count: count.nullable(),
  action: z.string().nullable(),
});
export const contained = z.object({ steps: z.array(containStep), at: time });
export type ContainStep = z.infer<typeof containStep>;
