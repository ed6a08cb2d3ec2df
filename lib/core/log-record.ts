/**
 * What the log says, as records that are only ever appended. The correlator (correlate.ts) makes them from parsed
 * lines; the event store keeps them. Times are ms since the epoch. `line` is where the record's own log line begins.
 */
export type LogPosition = {
  /** Which file: a number that the store gives to each generation of a log file. */
  file: number;
  /** Byte offset of the line's first byte in the uncompressed file. */
  offset: number;
};

type Base = { at: number; line: LogPosition };

/**
 * A session is one smtpd process from connect to disconnect. Its key is unique for a host: made from the position of
 * the line that began it (or first mentioned it, where the log begins in the middle).
 */
export type SessionKey = string;
/** A message is a queue id plus its first time: `ID@ms`. */
export type MessageKey = string;

export type ConnectRecord = Base & {
  kind: "connect";
  session: SessionKey;
  instance: string;
  /** `smtpd`, `submission/smtpd`, `smtps/smtpd`, as logged after the instance. */
  service: string;
  pid: number;
  clientName: string;
  clientAddress: string;
};

export type DisconnectRecord = Base & {
  kind: "disconnect";
  session: SessionKey;
  /** Connect time as known; null where the log began later. */
  start: number | null;
  clientName: string;
  clientAddress: string;
  /** Account of the session's last successful login, if any message told it. */
  account: string | null;
  /** Logins that succeeded and were tried (`auth=8/14`); 0, 0 where not said. */
  authOk: number;
  authTried: number;
  commands: string;
  lost: string | null;
};

/** `QUEUEID: client=…` of smtpd, or `QUEUEID: uid=` of pickup: a message comes in. */
export type SubmitRecord = Base & {
  kind: "submit";
  message: MessageKey;
  /** The first time in `message`. */
  born: number;
  id: string;
  instance: string;
  session: SessionKey | null;
  service: string;
  clientName: string | null;
  clientAddress: string | null;
  /**
   * The SASL login as written; null without one. For pickup `uid:N` is in `localUser`, not here. Inherited (requeue,
   * reinjection) accounts stand in `account` with `inherited` true.
   */
  account: string | null;
  inherited: boolean;
  /** True when this very line has `sasl_username=`: what `grep -c` counts. */
  logged: boolean;
  method: string | null;
  saslSender: string | null;
  localUser: string | null;
  /** Envelope sender, where the line tells it (pickup). */
  sender: string | null;
  /** Of what it is a requeue or reinjection. */
  origin: string | null;
};

/** First `from=<…>, size=…, nrcpt=…` of qmgr for the message (later ones are the queue manager looking again). */
export type EnvelopeRecord = Base & {
  kind: "envelope";
  message: MessageKey;
  /** The first time in `message`. */
  born: number;
  id: string;
  account: string | null;
  sender: string;
  size: number;
  recipients: number;
};

/** cleanup's message-id, and a header line (`warning: header Subject: …`) if the host logs them. */
export type HeaderRecord = Base & {
  kind: "header";
  message: MessageKey;
  /** The first time in `message`. */
  born: number;
  id: string;
  account: string | null;
  name: string;
  value: string;
};

export type DeliveryRecord = Base & {
  kind: "delivery";
  message: MessageKey | null;
  /** The first time in `message`; 0 without one. */
  born: number;
  id: string;
  account: string | null;
  /** smtp, lmtp, local, virtual, pipe, error, retry, discard … */
  agent: string;
  recipient: string;
  originalRecipient: string | null;
  relay: string | null;
  delay: number | null;
  dsn: string | null;
  /** sent, deferred, bounced, expired, or a word not known. */
  status: string;
  reason: string;
};

/** `removed`, `expired`, a postsuper line, a bounce notice's id. */
export type MessageEndRecord = Base & {
  kind: "end";
  message: MessageKey | null;
  /** The first time in `message`; 0 without one. */
  born: number;
  id: string;
  account: string | null;
  how: "removed" | "expired" | "deleted" | "held" | "released" | "requeued" | "notified" | "milter" | "discarded";
  detail: string;
};

/** smtpd (or cleanup, postscreen) refuses something. `NOQUEUE` has no message. */
export type RejectRecord = Base & {
  kind: "reject";
  session: SessionKey | null;
  message: MessageKey | null;
  /** The first time in `message`; 0 without one. */
  born: number;
  account: string | null;
  clientName: string | null;
  clientAddress: string | null;
  /** reject, warn (reject_warning), hold, discard, redirect, filter, … */
  verdict: string;
  /** CONNECT, HELO, MAIL, RCPT, DATA, END-OF-MESSAGE, … */
  stage: string;
  code: string | null;
  dsn: string | null;
  reason: string;
  sender: string | null;
  recipient: string | null;
  helo: string | null;
};

/** A login by any protocol, failed or not. A successful SMTP login is told by the submit line, not here. */
export type LoginRecord = Base & {
  kind: "login";
  /** smtp, imap, pop3, submission, managesieve, or another word of the log. */
  protocol: string;
  session: SessionKey | null;
  /** As logged; null where the line does not name it. */
  account: string | null;
  clientAddress: string | null;
  ok: boolean;
  method: string | null;
  /** True when the server itself failed (auth back end away): no wrong password. */
  serverFault: boolean;
  reason: string;
  /** `message repeated N times` counts N. */
  times: number;
};

/** The log itself says that lines are missing (rate limits, journal suppression). */
export type GapRecord = Base & { kind: "gap"; missing: number | null; reason: string };

/** A line about the service, not about one message: start, stop, reload, warnings, panics, statistics. */
export type NoticeRecord = Base & {
  kind: "notice";
  level: "info" | "warning" | "error" | "fatal" | "panic";
  program: string;
  text: string;
};

/** A line that was not understood, under its shape (numbers, ids and addresses replaced). */
export type UnknownRecord = Base & { kind: "unknown"; program: string; shape: string; text: string };

export type LogRecord =
  | ConnectRecord
  | DisconnectRecord
  | SubmitRecord
  | EnvelopeRecord
  | HeaderRecord
  | DeliveryRecord
  | MessageEndRecord
  | RejectRecord
  | LoginRecord
  | GapRecord
  | NoticeRecord
  | UnknownRecord;
