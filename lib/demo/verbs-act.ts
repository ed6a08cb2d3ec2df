import { accessAsked, exactTable } from "./access-table";
import { activate, retry } from "./deliver";
import type { Brake, DemoArchive, DemoHost } from "./demo-host";
import { type DemoMessage, hashOf } from "./demo-message";
import { type Answer, Refusal, type Request } from "./request";
import { envelope, type Verb } from "./verbs-read";

const both = (item: Record<string, string>): [string, string] => [item.instance ?? "", item.id ?? ""];
type Item = Record<string, string>;

/** One row a message: what `act` says came of it, and where it is now. `sum`: postsuper's words for all of them. */
const each =
  (sum: string, act: (host: DemoHost, message: DemoMessage, now: number) => string): Verb =>
  (host, { items }, answer, now) => {
    const before = host.superSaid;
    for (const item of items) {
      const message = host.queue.get(item.id ?? "");
      const outcome = message ? act(host, message, now) : "gone";
      answer.row(...both(item), outcome, host.queue.get(item.id ?? "")?.queue ?? "");
    }
    superSum(host, now, sum, host.superSaid - before);
  };
function superSum(host: DemoHost, now: number, what: string, done: number): void {
  if (done > 0) host.say(now, "postsuper", superPid(host), `${what}: ${done} ${done === 1 ? "message" : "messages"}`);
}
const superPid = (host: DemoHost) => 4000 + (host.queue.size % 999);

function superSays(host: DemoHost, now: number, id: string, what: string): void {
  host.superSaid++;
  host.say(now, "postsuper", superPid(host), `${id}: ${what}`);
}

export const hold = each("Placed on hold", (host, message, now) => {
  if (message.queue === "hold") return "already";
  if (message.queue === "maildrop") return "left";
  message.queue = "hold";
  // host.sh's own line for each, as it moves the files itself; so it is when it deletes them.
  host.say(now, "sluice", superPid(host), `${message.id}: placed on hold`);
  return "held";
});

export const release = each("Released from hold", (host, message, now) => {
  if (message.queue !== "hold") return "elsewhere";
  message.queue = "deferred";
  superSays(host, now, message.id, "released from hold");
  host.agenda.put(now + host.chance.whole(300, 20_000), (at) => retry(host, message, at));
  return "released";
});

/** Moves it to maildrop under its own id, where pickup, which is asked to look, finds it and gives it another (postsuper(1)). */
export const requeue: Verb = (host, { items }, answer, now) => {
  const before = host.superSaid;
  for (const item of items) {
    const message = host.queue.get(item.id ?? "");
    if (message && message.queue !== "maildrop") {
      superSays(host, now, message.id, "requeued");
      message.queue = "maildrop";
      message.locked = false;
    }
    const newId = message ? pickUp(host, message, now) : "";
    const outcome = message ? "requeued" : "gone";
    answer.row(...both(item), outcome, host.queue.get(item.id ?? "")?.queue ?? "", newId);
  }
  superSum(host, now, "Requeued", host.superSaid - before);
};

/** Answers its new id; "" while nothing is picked up. */
function pickUp(host: DemoHost, message: DemoMessage, at: number): string {
  if (host.queue.get(message.id) !== message || message.queue !== "maildrop") return "";
  if (!host.running.postfix || host.brakes.has("stop-in")) {
    host.agenda.put(at + 5000, (then) => void pickUp(host, message, then));
    return "";
  }
  const { id, inode } = host.newFile(at);
  host.queue.delete(message.id);
  const held = host.brakes.has("hold-queue");
  const again: DemoMessage = { ...message, id, inode, queue: held ? "hold" : "incoming", tries: 0 };
  host.queue.set(id, again);
  host.say(at, "pickup", 156, `${id}: uid=0 from=<${message.sender}> orig_id=${message.id}`);
  host.say(at, "cleanup", 178, `${id}: message-id=<${message.inode}.${message.arrival}@client.example>`);
  if (!held) activate(host, again, at);
  return id;
}

export const flush: Verb = (host, { items }, answer, now) => {
  if (items.length === 0) {
    if (!host.running.postfix)
      throw new Refusal(70, "postqueue -f: postqueue: fatal: Queue flush request failed: mail system is down");
    for (const message of host.queue.values()) retry(host, message, now);
    return;
  }
  for (const item of items) {
    const message = host.queue.get(item.id ?? "");
    if (message) retry(host, message, now);
    answer.row(...both(item), message ? "asked" : "gone");
  }
};

export const keep: Verb = (host, { params, items }, answer, now) => {
  const action = params.action ?? "";
  const archive = host.archives.get(action) ?? {
    kind: params.op ?? "",
    made: now,
    items: new Map(),
    restored: new Set<string>(),
    dropped: new Set<string>(),
  };
  if (items.length > 0) host.archives.set(action, archive);
  for (const item of items) {
    const id = item.id ?? "";
    const message = host.queue.get(id);
    const put = message?.queue === "hold" ? "already" : "held";
    if (message && message.queue !== "maildrop") message.queue = "hold";
    const held = message?.queue === "hold" ? message : null;
    const kept = archive.items.get(id) ?? held;
    const none = Array<string>(12).fill("");
    if (!kept) answer.row(...both(item), message ? "left" : "gone", ...none);
    else if (held && held !== kept) answer.row(...both(item), "changed", ...none);
    else {
      archive.items.set(id, kept);
      answer.row(
        ...both(item),
        "kept",
        kept.inode,
        hashOf(kept),
        kept.locked ? 1 : 0,
        ...envelope(kept),
        held ? put : "",
      );
    }
  }
};

export const unkeep: Verb = (host, { params, items }, answer) => {
  const archive = host.archives.get(params.action ?? "");
  for (const item of items) {
    const kept = archive?.items.get(item.id ?? "");
    // The archive's link is never dropped where it is the message's last name.
    const drops = kept !== undefined && host.queue.get(kept.id) === kept;
    if (drops) archive?.items.delete(item.id ?? "");
    answer.row(...both(item), drops ? "unkept" : "gone");
  }
};

export const drop: Verb = (host, { params, items }, answer, now) => {
  const archive = host.archives.get(params.action ?? "");
  for (const item of items) answer.row(...both(item), dropped(host, archive, item, now));
};

function dropped(host: DemoHost, archive: DemoArchive | undefined, item: Item, now: number): string {
  const kept = archive?.items.get(item.id ?? "");
  if (!archive || !kept) return "unkept";
  if (String(kept.inode) !== item.inode || hashOf(kept) !== item.sha256) return "changed";
  const there = host.queue.get(kept.id);
  if (there?.queue !== "hold") return archive.dropped.has(kept.id) ? "dropped" : "gone";
  if (there !== kept) return "changed";
  if (kept.locked) return "locked";
  host.queue.delete(kept.id);
  archive.dropped.add(kept.id);
  host.say(now, "sluice", superPid(host), `${kept.id}: removed`);
  return "dropped";
}

export const restore: Verb = (host, { params, items }, answer) => {
  const archive = host.archives.get(params.action ?? "");
  const wanted: Item[] =
    items.length > 0
      ? items
      : [...(archive?.items.keys() ?? [])].map((id) => ({ instance: "postfix", id, sha256: "" }));
  for (const item of wanted) {
    const kept = archive?.items.get(item.id ?? "");
    const there = host.queue.get(item.id ?? "");
    if (!archive || !kept) answer.row(...both(item), archive?.restored.has(item.id ?? "") ? "already" : "gone");
    else if (item.sha256 && item.sha256 !== hashOf(kept)) answer.row(...both(item), "damaged");
    else if (there && there !== kept) answer.row(...both(item), "taken");
    else {
      kept.queue = "hold";
      host.queue.set(kept.id, kept);
      archive.items.delete(kept.id);
      archive.restored.add(kept.id);
      answer.row(...both(item), "restored");
    }
  }
};

export const archiveDelete: Verb = (host, { params }, answer) => {
  const archive = host.archives.get(params.action ?? "");
  if (!archive) return;
  answer.row(
    "postfix",
    archive.items.size,
    [...archive.items.values()].reduce((sum, { size }) => sum + size, 0),
  );
  host.archives.delete(params.action ?? "");
};

export const accessSetup: Verb = (host, { params }, answer) => {
  const { op } = params;
  if (op !== "preview" && op !== "apply" && op !== "undo")
    throw new Refusal(65, "the set-up is previewed, applied or undone");
  const reload = "postfix -c /etc/postfix reload";
  const say = (commands: string[]) => {
    for (const command of commands) answer.row("postfix", command);
  };
  if (op === "undo" && host.accessReady) {
    say(["postconf -c /etc/postfix -X smtpd_sender_restrictions", reload]);
    host.accessReady = false;
  } else if (op !== "undo" && !host.accessReady) {
    say([
      "touch /etc/postfix/sluice_access",
      `awk '${exactTable}' >/etc/postfix/sluice_exact`,
      "postmap lmdb:/etc/postfix/sluice_access",
      `postconf -c /etc/postfix -e 'smtpd_sender_restrictions=${accessAsked}'`,
      reload,
    ]);
    if (op === "apply") host.accessReady = true;
  }
};

export const accessSet: Verb = (host, { items }, answer) => {
  for (const { account = "", verdict = "-" } of items) {
    const was = host.access.get(account) ?? "-";
    if (!host.accessReady) {
      answer.row("postfix", account, "not-set-up", "lmdb");
      continue;
    }
    if (verdict === "-") host.access.delete(account);
    else host.access.set(account, verdict);
    answer.row("postfix", account, was === verdict ? "same" : "set", "lmdb");
  }
};

export const endSessions: Verb = (host, { items }, answer) => {
  const asked = items.some(({ pid }) => pid === "0") ? host.smtpd.map(String) : items.map(({ pid }) => pid ?? "");
  for (const pid of asked) {
    const at = host.smtpd.indexOf(Number(pid));
    // The master starts another smtpd when it needs one.
    if (at >= 0) host.smtpd[at] = Math.max(...host.smtpd) + host.chance.whole(1, 9);
    answer.row("postfix", pid, at >= 0 ? "ended" : "gone");
  }
};

export const kick: Verb = (host, { items }, answer) => {
  for (const { account = "" } of items) {
    if (!host.running.dovecot) answer.row(account, "no-dovecot", "");
    else if (/[*?]/.test(account))
      answer.row(account, "failed", "doveadm would take the * or ? in this account for a pattern");
    else answer.row(account, "none", "0 cache entries flushed");
  }
};

export const mailboxCommand: Verb = () => {
  throw new Refusal(78, "there is no /etc/sluice/mailbox-command on the host");
};

export const service: Verb = (host, { params }, answer, now) => {
  const { service: name, op } = params;
  if (op !== "start" && op !== "stop") throw new Refusal(65, "a service is started or stopped");
  if (name !== "postfix" && name !== "dovecot") throw new Refusal(66, "there is no service of that name here");
  const want = op === "start";
  if (host.running[name] !== want) {
    host.running[name] = want;
    if (name === "postfix") {
      host.say(
        now,
        "postfix-script",
        153,
        want ? "starting the Postfix mail system" : "stopping the Postfix mail system",
      );
      if (want) {
        host.say(now, "master", 155, "daemon started -- version 3.7.11, configuration /etc/postfix");
        // What was being delivered starts over, and what waits is looked at again (qmgr(8)).
        for (const message of host.queue.values()) {
          if (message.queue === "active") activate(host, message, now);
          else if (message.queue === "deferred")
            host.agenda.put(now + host.chance.whole(2000, 300_000), (at) => retry(host, message, at));
        }
      } else host.say(now, "master", 155, "terminating on signal 15");
    }
  }
  answer.row(name, want ? 1 : 0, want ? (name === "postfix" ? 155 : 160) : "");
};

function reloaded(host: DemoHost, now: number): void {
  if (!host.running.postfix) return;
  host.say(now, "postfix-script", 153, "refreshing the Postfix mail system");
  host.say(now, "master", 155, "reload -- version 3.7.11, configuration /etc/postfix");
}

function holdAll(host: DemoHost, now: number): void {
  const moved = [...host.queue.values()].filter(({ queue }) => queue !== "hold" && queue !== "maildrop");
  for (const message of moved) message.queue = "hold";
  // Of ALL, postsuper says how many and no more.
  superSum(host, now, "Placed on hold", moved.length);
}

export const brake: Verb = (host, { params }, answer, now) => {
  const kind = params.brake as Brake;
  const { op } = params;
  if (op !== "on" && op !== "off") throw new Refusal(65, "a brake is on or off");
  const before = host.brakes.get(kind);
  if (op === "on") {
    const ids = [...host.queue.values()].filter(({ queue }) => queue === "hold").map(({ id }) => id);
    if (!before) host.brakes.set(kind, { since: now, heldBefore: new Set(ids) });
    reloaded(host, now);
    if (kind === "hold-queue") holdAll(host, now);
    answer.row("postfix", before ? "already" : "on", "");
    return;
  }
  if (before) reloaded(host, now);
  answer.row("postfix", before ? "off" : "already", "");
  host.brakes.delete(kind);
  if (kind !== "hold-queue") return;
  if (before) host.lastHold = { at: now, heldBefore: before.heldBefore };
  // An answer may have been cut: asked again within ten minutes, the same rows come.
  const { lastHold } = host;
  if (!lastHold || now - lastHold.at > 600_000) return;
  for (const { id, queue } of host.queue.values())
    if (queue === "hold" && !lastHold.heldBefore.has(id)) answer.row("postfix", "held", id);
};

export type { Answer, Request };
