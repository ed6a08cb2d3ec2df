import type { DemoHost } from "./demo-host";
import { type DemoMessage, headerTime } from "./demo-message";
import { partner } from "./places";

export type Submission = Pick<DemoMessage, "account" | "sender" | "size" | "subject" | "spam"> & {
  client: { address: string; name: string; helo: string };
  recipients: string[];
  /** A recipient that is asked for first, in the same session, and refused. */
  refused?: string | null;
};
const qmgr = 157;

/** A client logs in and sends one message; what the host's tables and brakes say happens to it. */
export function submit(host: DemoHost, at: number, given: Submission): void {
  if (!host.running.postfix || host.brakes.has("stop-in")) return;
  const { chance } = host;
  const { client, account, sender, recipients } = given;
  const pid = chance.pick(host.smtpd);
  const from = `${client.name}[${client.address}]`;
  const verdict = host.verdictOf(account);
  const say = (text: string) => host.say(at, "submission/smtpd", pid, text);
  say(`connect from ${from}`);
  if (verdict === "REJECT") {
    for (const to of recipients)
      say(
        `NOQUEUE: reject: RCPT from ${from}: 554 5.7.1 <${account}>: SASL login name rejected: Access denied; from=<${sender}> to=<${to}> proto=ESMTP helo=<${client.helo}>`,
      );
    say(
      `disconnect from ${from} ehlo=1 auth=1 mail=1 rcpt=0/${recipients.length} rset=1 quit=1 commands=4/${5 + recipients.length}`,
    );
    return;
  }
  if (verdict === "HOLD")
    say(
      `NOQUEUE: hold: RCPT from ${from}: <${account}>: SASL login name triggers HOLD action; from=<${sender}> to=<${recipients[0]}> proto=ESMTP helo=<${client.helo}>`,
    );
  if (given.refused)
    say(
      `NOQUEUE: reject: RCPT from ${from}: 550 5.1.2 <${given.refused}>: Recipient address rejected: Domain not found; from=<${sender}> to=<${given.refused}> proto=ESMTP helo=<${client.helo}>`,
    );
  const { id, inode } = host.newFile(at);
  say(`${id}: client=${from}, sasl_method=PLAIN, sasl_username=${account}`);
  const held = verdict === "HOLD" || host.brakes.has("hold-queue");
  const message: DemoMessage = {
    ...{
      id,
      inode,
      queue: held ? "hold" : "active",
      arrival: Math.floor(at / 1000),
      size: given.size,
      sender,
      account,
      client,
    },
    ...{ recipients: recipients.map((address) => ({ address, reason: null })), done: [], subject: given.subject },
    ...{ locked: false, spam: given.spam, tries: 0 },
  };
  const cleanup = chance.whole(170, 190);
  if (host.brakes.has("hold-queue"))
    host.say(
      at,
      "cleanup",
      cleanup,
      // header_checks see the header that Postfix itself puts first; a line's end shows as "??".
      `${id}: hold: header Received: from ${client.helo} (${client.name} [${client.address}])??by ${host.hostname} (Postfix) with ESMTPA id ${id}??for <${recipients[0]}>; ${headerTime(message.arrival)} from ${from}; from=<${sender}> to=<${recipients[0]}> proto=ESMTP helo=<${client.helo}>`,
    );
  host.say(at, "cleanup", cleanup, `${id}: message-id=<${inode}.${message.arrival}@client.example>`);
  say(
    `disconnect from ${from} ehlo=1 auth=1 mail=1 rcpt=${recipients.length}${given.refused ? `/${recipients.length + 1}` : ""} data=1 quit=1 commands=${5 + recipients.length}`,
  );
  host.queue.set(id, message);
  if (!held) activate(host, message, at);
}

/** The queue manager takes it up; the attempt itself comes a moment later. */
export function activate(host: DemoHost, message: DemoMessage, at: number): void {
  message.queue = "active";
  const { id, sender, size, recipients } = message;
  host.say(at, "qmgr", qmgr, `${id}: from=<${sender}>, size=${size}, nrcpt=${recipients.length} (queue active)`);
  host.agenda.put(at + host.chance.whole(150, 1200), (then) => attempt(host, message, then));
}

const stands = (host: DemoHost, message: DemoMessage) => host.queue.get(message.id) === message;

function attempt(host: DemoHost, message: DemoMessage, at: number): void {
  if (!stands(host, message) || message.queue !== "active") return;
  if (!host.running.postfix) return;
  message.locked = true;
  host.agenda.put(at + host.chance.whole(20, 300), (then) => ended(host, message, then));
}

function ended(host: DemoHost, message: DemoMessage, at: number): void {
  message.locked = false;
  if (!stands(host, message)) return;
  message.tries++;
  const { chance } = host;
  const age = (at / 1000 - message.arrival).toFixed(age1(at, message));
  const pid = 178 + (message.inode % 8);
  const relay = `mx.example.org[198.51.100.25]:25`;
  const rest: DemoMessage["recipients"] = [];
  let bounced = false;
  for (const one of message.recipients) {
    const line = (agent: string, where: string, dsn: string, status: string, why: string) =>
      host.say(
        at,
        agent,
        pid,
        `${message.id}: to=<${one.address}>, relay=${where}, delay=${age}, delays=${age}/0.01/0.05/0.1, dsn=${dsn}, status=${status} (${why})`,
      );
    const luck = chance.next();
    const fails = message.spam ? 0.2 : 0.02;
    const waits = message.spam ? (message.tries > 1 ? 0.75 : 0.45) : message.tries > 1 ? 0.3 : 0.05;
    if (host.brakes.has("stop-out")) {
      const why = "deferred transport";
      line("error", "none", "4.3.2", "deferred", why);
      rest.push({ address: one.address, reason: why });
    } else if (one.address.endsWith(`@${partner}`) && at >= host.partnerAwaySince) {
      const why = `connect to mx.${partner}[198.51.100.77]:25: Connection timed out`;
      host.say(at, "smtp", pid, why);
      line("smtp", "none", "4.4.1", "deferred", why);
      rest.push({ address: one.address, reason: why });
    } else if (luck < fails && message.tries === 1) {
      line(
        "smtp",
        relay,
        "5.1.1",
        "bounced",
        `host ${relay.slice(0, -3)} said: 550 5.1.1 <${one.address}>: Recipient address rejected: User unknown (in reply to RCPT TO command)`,
      );
      message.done.push(one.address);
      bounced = true;
    } else if (luck < fails + waits) {
      const why = chance.pick([
        `host ${relay.slice(0, -3)} said: 450 4.7.1 <${one.address}>: Recipient address rejected: Too much mail from this address, try again later (in reply to RCPT TO command)`,
        "connect to mx2.example.org[198.51.100.26]:25: Connection timed out",
      ]);
      if (!why.startsWith("host")) host.say(at, "smtp", pid, why);
      line(
        "smtp",
        why.startsWith("host") ? relay : "none",
        why.startsWith("host") ? "4.7.1" : "4.4.1",
        "deferred",
        why,
      );
      rest.push({ address: one.address, reason: why });
    } else {
      line("smtp", relay, "2.0.0", "sent", "250 2.0.0 Ok: queued");
      message.done.push(one.address);
    }
  }
  message.recipients = rest;
  if (bounced && message.sender !== "") notify(host, message, at);
  if (rest.length === 0) {
    host.queue.delete(message.id);
    host.say(at, "qmgr", qmgr, `${message.id}: removed`);
    return;
  }
  // Held during the delivery: it stays where hold put it.
  if (message.queue !== "active") return;
  message.queue = "deferred";
  // Postfix waits longer with each try, from 5 minutes to over an hour (minimal_backoff_time).
  const wait = Math.min(4000, 300 * 2 ** Math.min(4, message.tries - 1)) * (0.8 + chance.next() / 2);
  host.agenda.put(at + wait * 1000, (then) => retry(host, message, then));
}

const age1 = (at: number, message: DemoMessage) => (at / 1000 - message.arrival < 10 ? 2 : 0);

/** The next delivery attempt of a deferred message; nothing where it is not deferred (any more). */
export function retry(host: DemoHost, message: DemoMessage, at: number): void {
  if (!stands(host, message) || message.queue !== "deferred" || !host.running.postfix) return;
  activate(host, message, at);
}

/** "20261128095445", as Postfix's own message ids begin. */
const stampOf = (at: number) => new Date(at).toISOString().replace(/\D/g, "").slice(0, 14);

function notify(host: DemoHost, message: DemoMessage, at: number): void {
  const { id, inode } = host.newFile(at);
  const pid = host.chance.whole(170, 190);
  host.say(at, "cleanup", pid, `${id}: message-id=<${stampOf(at)}.${id}@${host.hostname}>`);
  host.say(at, "bounce", pid + 20, `${message.id}: sender non-delivery notification: ${id}`);
  const notice: DemoMessage = {
    ...{
      id,
      inode,
      queue: host.brakes.has("hold-queue") ? "hold" : "active",
      arrival: Math.floor(at / 1000),
      size: 2400 + message.size,
    },
    ...{ sender: "", account: null, client: null, recipients: [{ address: message.sender, reason: null }], done: [] },
    ...{ subject: "Undelivered Mail Returned to Sender", locked: false, spam: message.spam, tries: 0 },
  };
  host.queue.set(id, notice);
  if (notice.queue === "active") activate(host, notice, at);
}
