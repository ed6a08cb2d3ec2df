import { sha256 } from "./demo-log";

export type DemoQueue = "maildrop" | "incoming" | "active" | "deferred" | "hold";
export type DemoRecipient = { address: string; reason: string | null };
/** A queue file. Archives hold the same object: like a hard link, it is one file under two names. */
export type DemoMessage = {
  id: string;
  inode: number;
  queue: DemoQueue;
  /** Seconds since the epoch. */
  arrival: number;
  size: number;
  sender: string;
  account: string | null;
  client: { address: string; name: string; helo: string } | null;
  /** Still to be served, and served. */
  recipients: DemoRecipient[];
  done: string[];
  subject: string;
  /** True while a delivery agent has it. */
  locked: boolean;
  /** False for mail that Sluice or the admin let back in: the thief's share of failures stays with it. */
  spam: boolean;
  tries: number;
};

const months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const days = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];
const two = (n: number) => String(n).padStart(2, "0");

/** "Nov 28 06:30:58", the traditional timestamp of the log, in UTC. */
export function logTime(ms: number): string {
  const t = new Date(ms);
  return `${months[t.getUTCMonth()]} ${String(t.getUTCDate()).padStart(2)} ${two(t.getUTCHours())}:${two(t.getUTCMinutes())}:${two(t.getUTCSeconds())}`;
}
function postcatTime(seconds: number): string {
  const t = new Date(seconds * 1000);
  return `${days[t.getUTCDay()]} ${logTime(seconds * 1000)} ${t.getUTCFullYear()}`;
}
export function headerTime(seconds: number): string {
  const t = new Date(seconds * 1000);
  return `${days[t.getUTCDay()]}, ${t.getUTCDate()} ${months[t.getUTCMonth()]} ${t.getUTCFullYear()} ${two(t.getUTCHours())}:${two(t.getUTCMinutes())}:${two(t.getUTCSeconds())} +0000 (UTC)`;
}

/** Header and body, as a recipient gets them. */
export function contentOf(message: DemoMessage, hostname: string): string {
  const { client } = message;
  const received = client
    ? `from ${client.helo} (${client.name} [${client.address}])\n\tby ${hostname} (Postfix) with ESMTPA id ${message.id};\n\t${headerTime(message.arrival)}`
    : `by ${hostname} (Postfix)\n\tid ${message.id}; ${headerTime(message.arrival)}`;
  const text = message.spam
    ? "Your parcel could not be delivered. Open the link within 24 hours:\nhttp://parcel.invalid/track?id="
    : "Please find below what we talked about this morning.\n\nKind regards\n";
  return `Received: ${received}\nFrom: <${message.sender || `MAILER-DAEMON@${hostname}`}>\nSubject: ${message.subject}\nMessage-ID: <${message.inode}.${message.arrival}@client.example>\nDate: ${headerTime(message.arrival)}\n\n${text}${message.spam ? message.inode : ""}\n`;
}

/** As `postcat -beh` shows it. */
export function postcatOf(message: DemoMessage, hostname: string): string {
  const path = `/var/spool/postfix/${message.queue}/${message.queue === "deferred" ? `${message.id[0]}/` : ""}${message.id}`;
  const content = contentOf(message, hostname);
  const pad = (n: number) => String(n).padStart(16);
  const { client } = message;
  return [
    `*** ENVELOPE RECORDS ${path} ***`,
    `message_size: ${pad(message.size).slice(1)}${pad(809)}${pad(message.recipients.length)}${pad(0)}${pad(message.size)}${pad(0)}`,
    `message_arrival_time: ${postcatTime(message.arrival)}`,
    `create_time: ${postcatTime(message.arrival)}`,
    `named_attribute: log_ident=${message.id}`,
    "named_attribute: rewrite_context=local",
    ...(message.account === null
      ? []
      : ["named_attribute: sasl_method=PLAIN", `named_attribute: sasl_username=${message.account}`]),
    `sender: ${message.sender}`,
    ...(client
      ? [
          `named_attribute: log_client_name=${client.name}`,
          `named_attribute: log_client_address=${client.address}`,
          `named_attribute: log_helo_name=${client.helo}`,
          "named_attribute: log_protocol_name=ESMTP",
          `named_attribute: client_name=${client.name}`,
          `named_attribute: client_address=${client.address}`,
          `named_attribute: helo_name=${client.helo}`,
        ]
      : []),
    ...message.done.map((address) => `done_recipient: ${address}`),
    ...message.recipients.flatMap(({ address }) => [
      `named_attribute: dsn_orig_rcpt=rfc822;${address}`,
      `original_recipient: ${address}`,
      `recipient: ${address}`,
    ]),
    `*** MESSAGE CONTENTS ${path} ***`,
    content.trimEnd(),
    "",
    `*** HEADER EXTRACTED ${path} ***`,
    `*** MESSAGE FILE END ${path} ***`,
    "",
  ].join("\n");
}

/** Stands for the queue file's bytes: changes when a recipient is done, and not when the file changes its queue. */
export function hashOf(message: DemoMessage): string {
  const { id, inode, arrival, size, sender, account, done, recipients } = message;
  return sha256(
    JSON.stringify([id, inode, arrival, size, sender, account, done, recipients.map(({ address }) => address)]),
  );
}
