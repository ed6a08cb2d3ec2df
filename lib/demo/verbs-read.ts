import { accessAsked } from "./access-table";
import type { DemoHost } from "./demo-host";
import { logBase } from "./demo-log";
import { contentOf, type DemoMessage, postcatOf } from "./demo-message";
import { type Answer, Refusal, type Request } from "./request";

export type Verb = (host: DemoHost, request: Request, answer: Answer, now: number) => void;
const queues = ["maildrop", "incoming", "active", "deferred", "hold", "corrupt"];
const tools =
  "postqueue postsuper postcat postmap flock sha256sum stat find xargs gzip bzip2 xz zstd journalctl doveadm dovecot".split(
    " ",
  );

/** postqueue -j writes JSON with a blank after each colon and comma. */
function listed(message: DemoMessage): string {
  const text = JSON.stringify;
  const recipients = message.recipients.map(({ address, reason }) =>
    reason === null
      ? `{"address": ${text(address)}}`
      : `{"address": ${text(address)}, "delay_reason": ${text(reason)}}`,
  );
  return `{"queue_name": "${message.queue}", "queue_id": "${message.id}", "arrival_time": ${message.arrival}, "message_size": ${message.size}, "forced_expire": false, "sender": ${text(message.sender || "MAILER-DAEMON")}, "recipients": [${recipients.join(", ")}]}`;
}

/** What `envelopes` and `keep` tell of a queue file. */
export const envelope = (message: DemoMessage): (string | number)[] => [
  message.arrival,
  message.size,
  message.sender,
  message.account ?? "",
  message.client?.address ?? "",
  message.client?.name ?? "",
  message.recipients.length,
  message.done.length,
];

const found = (host: DemoHost, item: Record<string, string>) => host.queue.get(item.id ?? "");

export const probe: Verb = (host, _, answer, now) => {
  const facts: [string, string, string][] = [
    ["user", "", "root"],
    ["hostname", "", host.name],
    ["os", "", "Debian GNU/Linux 12 (bookworm), demo"],
    ["offset", "", "+0000"],
    ["zone", "", "UTC"],
    ["timezone", "", "UTC"],
    ["init", "", "other"],
    ...tools.map((tool): [string, string, string] => ["tool", "", tool]),
    ["locks", "", "yes"],
    ["journal", "", "no"],
    ["mailbox_command", "", "no"],
    ["instance", "postfix", "y"],
    ["config_directory", "postfix", "/etc/postfix"],
    ["queue_directory", "postfix", "/var/spool/postfix"],
    ["mail_version", "postfix", "3.7.11"],
    ["maillog_file", "postfix", logBase],
    ["syslog_name", "postfix", "postfix"],
    ["syslog_facility", "postfix", "mail"],
    ["myhostname", "postfix", host.hostname],
    ["mydomain", "postfix", "example.com"],
    ["enable_long_queue_ids", "postfix", "no"],
    ["default_database_type", "postfix", "lmdb"],
    ["hash_queue_names", "postfix", "deferred, defer"],
    ["hash_queue_depth", "postfix", "1"],
    ["maps", "postfix", "btree cidr environ fail hash inline internal lmdb static tcp texthash unionmap unix "],
    ["running", "postfix", host.running.postfix ? "yes" : "no"],
    ["clock", "", String(now)],
  ];
  for (const fact of facts) answer.row(...fact);
};

export const counts: Verb = (host, _, answer) => {
  const files = new Map<string, number>();
  for (const { queue } of host.queue.values()) files.set(queue, (files.get(queue) ?? 0) + 1);
  for (const queue of queues) answer.row("postfix", queue, files.get(queue) ?? 0);
};

export const list: Verb = (host, _, answer) => {
  for (const message of host.queue.values()) answer.json("postfix", listed(message));
};

export const envelopes: Verb = (host, { items }, answer) => {
  for (const item of items) {
    const message = found(host, item);
    const rest = message ? [message.queue, message.inode, ...envelope(message)] : Array<string>(10).fill("");
    answer.row(item.instance ?? "", item.id ?? "", ...rest);
  }
};

export const look: Verb = (host, { items }, answer) => {
  for (const item of items) {
    const message = found(host, item);
    answer.row(item.instance ?? "", item.id ?? "", message?.queue ?? "", message?.inode ?? "", message?.locked ? 1 : 0);
  }
};

export const message: Verb = (host, { params }, answer) => {
  const asked = found(host, params);
  if (!asked) throw new Refusal(66, "the message is in no queue");
  const bytes = Buffer.from(postcatOf(asked, host.hostname));
  answer.frame(bytes);
  answer.row(asked.queue, bytes.length);
};

export const subjects: Verb = (host, { items }, answer) => {
  for (const item of items) {
    const message = found(host, item);
    answer.row(item.instance ?? "", item.id ?? "", message ? 1 : 0, message?.subject ?? "");
  }
};

export const locks: Verb = (host, _, answer) => {
  for (const { locked, inode } of host.queue.values()) if (locked) answer.row(inode);
};

export const services: Verb = (host, _, answer) => {
  answer.row("postfix", host.running.postfix ? 1 : 0, host.running.postfix ? 155 : "");
  answer.row("dovecot", host.running.dovecot ? 1 : 0, host.running.dovecot ? 160 : "");
};

export const archives: Verb = (host, _, answer) => {
  for (const [action, { kind, made, items }] of host.archives) {
    const bytes = [...items.values()].reduce((sum, { size }) => sum + size, 0);
    answer.row("postfix", action, kind, items.size, bytes, Math.floor(made / 1000));
  }
};

export const archiveRead: Verb = (host, { params }, answer) => {
  for (const [id, kept] of host.archives.get(params.action ?? "")?.items ?? []) {
    const bytes = Buffer.from(params.op === "raw" ? postcatOf(kept, host.hostname) : contentOf(kept, host.hostname));
    answer.frame(bytes);
    answer.row("postfix", id, bytes.length);
  }
};

export const accessLook: Verb = (host, _, answer) => {
  for (const service of ["smtp/inet", "submission/inet"])
    answer.row(
      "postfix",
      service,
      1,
      host.accessReady ? 1 : 0,
      host.accessReady ? accessAsked : "",
      0,
      "lmdb",
      host.accessReady ? 1 : 0,
    );
};

export const accessList: Verb = (host, _, answer) => {
  for (const [account, verdict] of host.access) answer.row("postfix", account, verdict);
};

export const brakes: Verb = (host, _, answer) => {
  for (const [brake, { since }] of host.brakes) answer.row("postfix", brake, Math.floor(since / 1000));
};
