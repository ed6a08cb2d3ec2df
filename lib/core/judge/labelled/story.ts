/** What happens to one generated account: plain events, from which facts-of.ts counts like the event store does. */
export type Place = { address: string; country: string };
export type Story = {
  account: string;
  messages: SentMessage[];
  logins: MailLogin[];
  heloNames: string[];
};
export type SentMessage = Place & {
  at: number;
  sender: string;
  recipients: number;
  /** Of the recipients, how they ended; refused ones come on top. */
  bounced: number;
  deferred: number;
  refused: number;
};
export type MailLogin = Place & { at: number; protocol: "smtp" | "imap" | "pop3"; ok: boolean };

export const day = 86_400_000;
export const hour = 3_600_000;
/** The window begins here (a Wednesday); the past is the days before it. */
export const windowFrom = Date.UTC(2026, 2, 11);
export const windowTo = windowFrom + day;
