import type { lineKinds } from "../../lib/api/accounts";

/** The kinds of lines behind an account's numbers, in words. */
export const kinds = {
  messages: "Messages",
  recipients: "Messages by recipients",
  senders: "Envelope senders",
  forged: "Forged senders",
  rejects: "Rejects",
  failedLogins: "Failed logins",
  sessions: "Sessions",
  deliveries: "Deliveries",
  bounces: "Bounces",
  deferrals: "Deferrals",
  mailbox: "Mailbox logins",
} as const satisfies Record<(typeof lineKinds)[number], string>;

/** What the lines are narrowed to, as it stands in the address. */
export const narrowings = ["session", "client", "network", "provider", "country", "sender", "reason", "helo"] as const;
/** Closes the lines. */
export const noLines = { lines: null, ...Object.fromEntries(narrowings.map((key) => [key, null])) };
