import type { LogPosition, LogRecord } from "../log-record";
import { own, type Tag } from "./head";
import type { Parsed } from "./parsed";
import { shapeOf } from "./scan";

/** What is known of a session while it lasts. */
type Session = {
  key: string;
  start: number | null;
  name: string;
  address: string;
  account: string | null;
  lost: string | null;
  lastAt: number;
};

/** What is known of a message from its first line to `removed`. */
type Message = {
  key: string;
  id: string;
  account: string | null;
  name: string | null;
  address: string | null;
  firstAt: number;
  submitted: boolean;
  enveloped: boolean;
  /** True after `removed`: kept for some time for lines that still speak of it. */
  done: boolean;
};
/** In memory it is also known whether a message is among the changes, and whether an earlier state speaks of it. */
type Kept = Message & { changed: boolean; told: boolean };

/** What has become of a state since it was given: messages that are new or other, and ones that are no more. */
export type CorrelatorChanges = {
  sessions: [string, Session][];
  open: [string, Message][];
  finished: [string, Message][];
  gone: string[];
};

export type CorrelatorState = {
  sessions: [string, Session][];
  open: [string, Message][];
  finished: [string, Message][];
};

export type RecordSink = (record: LogRecord) => void;

const maxOpen = 200_000;
const maxFinished = 20_000;
/** Of a state; so many are what lines still speak of. */
const finishedTold = 2000;
const maxSessions = 10_000;
const maxTexts = 20_000;
/** A cleanup line may stand before its smtpd line by this much. */
const sameMessage = 10_000;

/** Puts parsed lines of one host together. Memory is bounded: the oldest open messages and sessions are let go. */
export class Correlator {
  private readonly sessions = new Map<string, Session>();
  /** Open messages, and the last finished ones. */
  private readonly messages = new Map<string, Kept>();
  private opened = 0;
  /** The last finished messages, round and round. */
  private readonly finished: { key: string; message: Kept }[] = [];
  private finishedAt = 0;
  private changed: { key: string; message: Kept }[] = [];
  private gone: string[] = [];
  private readonly texts = new Map<string, string>();

  constructor(state?: CorrelatorState) {
    if (!state) return;
    for (const [key, session] of state.sessions) this.sessions.set(key, { ...session });
    for (const [key, message] of state.finished) this.take(key, message);
    for (const [key, message] of state.open) this.take(key, message);
  }

  private take(key: string, message: Message): void {
    const { id, account, name, address, firstAt, submitted, enveloped, done } = message;
    const kept = {
      key: message.key,
      id,
      account,
      name,
      address,
      firstAt,
      submitted,
      enveloped,
      done,
      changed: false,
      told: true,
    };
    const before = this.messages.get(key);
    if (before && !before.done) this.opened--;
    // The same message keeps its place among the oldest; another one under its id is new.
    if (before?.key !== kept.key) this.messages.delete(key);
    this.messages.set(key, kept);
    if (done) this.keepFinished(key, kept);
    else this.opened++;
  }

  snapshot(): CorrelatorState {
    this.changed = [];
    this.gone = [];
    const open: [string, Message][] = [];
    for (const [key, message] of this.messages) {
      message.changed = false;
      message.told = true;
      if (!message.done) open.push([key, plain(message)]);
    }
    return { sessions: this.sessionList(), open, finished: this.lastFinished(finishedTold) };
  }

  /** Messages that are open, oldest first. */
  openMessages(): [string, Message][] {
    return [...this.messages].flatMap(([key, message]): [string, Message][] =>
      message.done ? [] : [[key, plain(message)]],
    );
  }

  /** What has changed since the last {@link snapshot} or call of this. */
  changes(): CorrelatorChanges {
    const open: [string, Message][] = [];
    const { gone } = this;
    let ended = 0;
    for (const { key, message } of this.changed) {
      message.changed = false;
      if (message.done) {
        ended++;
        if (message.told) gone.push(key);
      } else if (this.messages.get(key) === message) {
        open.push([key, plain(message)]);
        message.told = true;
      }
    }
    this.changed = [];
    this.gone = [];
    return {
      sessions: this.sessionList(),
      open,
      gone,
      finished: this.lastFinished(Math.min(ended, finishedTold)),
    };
  }

  /** Takes up changes that followed the state this was made from. */
  apply(changes: CorrelatorChanges): void {
    this.sessions.clear();
    for (const [key, session] of changes.sessions) this.sessions.set(key, { ...session });
    for (const key of changes.gone) {
      if (this.messages.get(key)?.done === false) {
        this.opened--;
        this.messages.delete(key);
      }
    }
    for (const [key, message] of changes.finished) this.take(key, message);
    for (const [key, message] of changes.open) this.take(key, message);
  }

  private sessionList(): [string, Session][] {
    return [...this.sessions].map(([key, session]) => [key, { ...session }]);
  }

  /** Oldest first; only what was not met anew since. */
  private lastFinished(count: number): [string, Message][] {
    const last: [string, Message][] = [];
    const size = this.finished.length;
    for (let i = Math.min(count, size); i > 0; i--) {
      const entry = this.finished[(this.finishedAt - i + size) % size];
      if (entry && this.messages.get(entry.key) === entry.message) last.push([entry.key, plain(entry.message)]);
    }
    return last;
  }

  private touch(key: string, message: Kept): void {
    if (message.changed) return;
    message.changed = true;
    this.changed.push({ key, message });
  }

  /**
   * One parsed line. `times` is above 1 where the log said that a line was repeated.
   * @param text The message part, kept only for lines that were not understood.
   */
  add(parsed: Parsed, at: number, tag: Tag, line: LogPosition, text: string, times: number, sink: RecordSink): void {
    switch (parsed.kind) {
      case "silent":
      case "foreign":
        return;
      case "connect": {
        const session = this.begin(tag, at, line, parsed.name, parsed.address, at);
        sink({
          kind: "connect",
          at,
          line,
          session: session.key,
          instance: tag.instance,
          service: tag.service,
          pid: tag.pid,
          clientName: parsed.name,
          clientAddress: parsed.address,
        });
        return;
      }
      case "disconnect": {
        const key = sessionKey(tag);
        const session = this.sessions.get(key) ?? this.begin(tag, at, line, parsed.name, parsed.address, null);
        this.sessions.delete(key);
        sink({
          kind: "disconnect",
          at,
          line,
          session: session.key,
          start: session.start,
          clientName: parsed.name,
          clientAddress: parsed.address,
          account: session.account,
          authOk: parsed.authOk,
          authTried: parsed.authTried,
          commands: parsed.commands,
          lost: session.lost,
        });
        return;
      }
      case "lost":
        this.sessionOf(tag, at, line, parsed.name, parsed.address).lost = own(parsed.how);
        return;
      case "client":
        this.client(parsed, at, tag, line, sink);
        return;
      case "pickup": {
        const message = this.start(tag, parsed.id, at);
        message.submitted = true;
        this.touch(messageKey(tag, parsed.id), message);
        const origin = parsed.originId === null ? undefined : this.find(tag, parsed.originId);
        if (origin) message.account = origin.account;
        sink({
          kind: "submit",
          at,
          line,
          message: message.key,
          born: message.firstAt,
          id: parsed.id,
          instance: tag.instance,
          session: null,
          service: tag.service,
          clientName: origin?.name ?? null,
          clientAddress: origin?.address ?? null,
          account: message.account,
          inherited: message.account !== null,
          logged: false,
          method: null,
          saslSender: null,
          localUser: `uid:${parsed.uid}`,
          sender: parsed.sender,
          origin: parsed.originId,
        });
        return;
      }
      case "header": {
        const message = this.find(tag, parsed.id, true) ?? this.start(tag, parsed.id, at);
        sink({
          kind: "header",
          at,
          line,
          message: message.key,
          born: message.firstAt,
          id: parsed.id,
          account: message.account,
          name: parsed.name,
          value: parsed.value,
        });
        return;
      }
      case "envelope": {
        const message = this.find(tag, parsed.id, true) ?? this.start(tag, parsed.id, at);
        if (message.enveloped) return;
        message.enveloped = true;
        this.touch(messageKey(tag, parsed.id), message);
        sink({
          kind: "envelope",
          at,
          line,
          message: message.key,
          born: message.firstAt,
          id: parsed.id,
          account: message.account,
          sender: parsed.sender,
          size: parsed.size,
          recipients: parsed.recipients,
        });
        return;
      }
      case "delivery": {
        const message = parsed.id === "" ? null : this.known(tag, parsed.id, at);
        for (let i = 0; i < times; i++) {
          sink({
            kind: "delivery",
            at,
            line,
            message: message?.key ?? null,
            born: message?.firstAt ?? 0,
            id: parsed.id,
            account: message?.account ?? null,
            agent: tag.daemon,
            recipient: parsed.recipient,
            originalRecipient: parsed.originalRecipient,
            relay: parsed.relay,
            delay: parsed.delay,
            dsn: parsed.dsn,
            status: parsed.status,
            reason: parsed.reason,
          });
        }
        return;
      }
      case "end": {
        const message = parsed.id === "" ? null : this.known(tag, parsed.id, at);
        const deleted = parsed.how === "removed" && (tag.daemon === "postsuper" || tag.daemon === "sluice");
        if (message && (parsed.how === "removed" || parsed.how === "requeued")) this.finish(tag, message);
        sink({
          kind: "end",
          at,
          line,
          message: message?.key ?? null,
          born: message?.firstAt ?? 0,
          id: parsed.id,
          account: message?.account ?? null,
          how: deleted ? "deleted" : parsed.how,
          detail: parsed.detail,
        });
        return;
      }
      case "reject": {
        const session = this.sessions.get(sessionKey(tag));
        const message = parsed.id === null ? undefined : this.known(tag, parsed.id, at);
        const account = parsed.account ?? message?.account ?? session?.account ?? null;
        if (session && parsed.account !== null) session.account = this.keep(parsed.account);
        for (let i = 0; i < times; i++) {
          sink({
            kind: "reject",
            at,
            line,
            session: session?.key ?? null,
            message: message?.key ?? null,
            born: message?.firstAt ?? 0,
            account,
            clientName: parsed.name,
            clientAddress: parsed.address,
            verdict: parsed.verdict,
            stage: parsed.stage,
            code: parsed.code,
            dsn: parsed.dsn,
            reason: parsed.reason,
            sender: parsed.sender,
            recipient: parsed.recipient,
            helo: parsed.helo,
          });
        }
        return;
      }
      case "login":
        sink({
          kind: "login",
          at,
          line,
          protocol: parsed.protocol,
          session: parsed.protocol === "smtp" ? (this.sessions.get(sessionKey(tag))?.key ?? null) : null,
          account: parsed.account,
          clientAddress: parsed.address,
          ok: parsed.ok,
          method: parsed.method,
          serverFault: parsed.serverFault,
          reason: parsed.reason,
          times: parsed.times * times,
        });
        return;
      case "gap":
        sink({ kind: "gap", at, line, missing: parsed.missing, reason: parsed.reason });
        return;
      case "notice":
        sink({ kind: "notice", at, line, level: parsed.level, program: tag.program, text: noticeText(parsed) });
        return;
      case "unknown":
        sink({ kind: "unknown", at, line, program: tag.program, shape: shapeOf(text), text });
        return;
    }
  }

  private client(
    parsed: Extract<Parsed, { kind: "client" }>,
    at: number,
    tag: Tag,
    line: LogPosition,
    sink: RecordSink,
  ): void {
    const session = this.sessionOf(tag, at, line, parsed.name, parsed.address);
    if (parsed.account !== null) session.account = this.keep(parsed.account);
    if (parsed.id === null) return;
    const message = this.start(tag, parsed.id, at);
    message.submitted = true;
    this.touch(messageKey(tag, parsed.id), message);
    message.name = session.name;
    message.address = session.address;
    let account = parsed.account;
    let name = parsed.name;
    let address = parsed.address;
    const inherits = account === null && (parsed.originId !== null || parsed.originClient !== null);
    if (inherits) {
      const origin = parsed.originId === null ? undefined : this.find(tag, parsed.originId);
      account = origin?.account ?? null;
      const open = parsed.originClient?.indexOf("[") ?? -1;
      const close = parsed.originClient?.indexOf("]", open) ?? -1;
      if (parsed.originClient !== null && open >= 0 && close > open) {
        name = parsed.originClient.slice(0, open);
        address = parsed.originClient.slice(open + 1, close);
      } else if (origin && origin.address !== null) {
        name = origin.name ?? name;
        address = origin.address;
      }
      message.name = this.keep(name);
      message.address = this.keep(address);
    }
    message.account = account === null ? null : this.keep(account);
    sink({
      kind: "submit",
      at,
      line,
      message: message.key,
      born: message.firstAt,
      id: parsed.id,
      instance: tag.instance,
      session: session.key,
      service: tag.service,
      clientName: name,
      clientAddress: address,
      account,
      inherited: inherits && account !== null,
      logged: parsed.account !== null,
      method: parsed.method,
      saslSender: parsed.saslSender,
      localUser: null,
      sender: null,
      origin: parsed.originId,
    });
  }

  private begin(tag: Tag, at: number, line: LogPosition, name: string, address: string, start: number | null): Session {
    const key = sessionKey(tag);
    const session: Session = {
      key: `${line.file}:${line.offset}`,
      start,
      name: this.keep(name),
      address: this.keep(address),
      account: null,
      lost: null,
      lastAt: at,
    };
    this.sessions.delete(key);
    this.sessions.set(key, session);
    if (this.sessions.size > maxSessions) dropOldest(this.sessions);
    return session;
  }

  private sessionOf(tag: Tag, at: number, line: LogPosition, name: string, address: string): Session {
    return this.sessions.get(sessionKey(tag)) ?? this.begin(tag, at, line, name, address, null);
  }

  /** A message comes in under this id; what had the id before is another one, unless cleanup was only heard first. */
  private start(tag: Tag, id: string, at: number): Kept {
    const key = messageKey(tag, id);
    const before = this.messages.get(key);
    let first = at;
    if (before) {
      if (!before.done && !before.submitted && at - before.firstAt < sameMessage) return before;
      this.finish(tag, before);
      if (before.firstAt >= at) first = before.firstAt + 1;
      this.messages.delete(key);
    }
    const message: Kept = {
      key: `${id}@${first}`,
      id: own(id),
      account: null,
      name: null,
      address: null,
      firstAt: first,
      submitted: false,
      enveloped: false,
      done: false,
      changed: false,
      told: false,
    };
    this.messages.set(key, message);
    this.touch(key, message);
    if (++this.opened > maxOpen) this.dropOldestOpen();
    return message;
  }

  private find(tag: Tag, id: string, onlyOpen = false): Kept | undefined {
    const found = this.messages.get(messageKey(tag, id));
    return onlyOpen && found?.done ? undefined : found;
  }

  private known(tag: Tag, id: string, at: number): Kept {
    return this.find(tag, id) ?? this.start(tag, id, at);
  }

  private finish(tag: Tag, message: Kept): void {
    if (message.done) return;
    const key = messageKey(tag, message.id);
    message.done = true;
    this.opened--;
    this.touch(key, message);
    this.keepFinished(key, message);
  }

  private keepFinished(key: string, message: Kept): void {
    const { finished } = this;
    if (finished.length < maxFinished) {
      finished.push({ key, message });
      this.finishedAt = finished.length % maxFinished;
      return;
    }
    const entry = finished[this.finishedAt] as { key: string; message: Kept };
    if (this.messages.get(entry.key) === entry.message) this.messages.delete(entry.key);
    entry.key = key;
    entry.message = message;
    this.finishedAt = (this.finishedAt + 1) % maxFinished;
  }

  /** A tenth at once: to look for each anew would be slow. */
  private dropOldestOpen(): void {
    let left = Math.ceil(this.opened / 10);
    for (const [key, message] of this.messages) {
      if (message.done) continue;
      if (left-- === 0) return;
      this.messages.delete(key);
      this.opened--;
      if (message.told) this.gone.push(key);
    }
  }

  /** One copy of a text that does not keep the line alive that it was cut from. */
  private keep(text: string): string {
    const found = this.texts.get(text);
    if (found !== undefined) return found;
    if (this.texts.size >= maxTexts) this.texts.clear();
    const copy = own(text);
    this.texts.set(copy, copy);
    return copy;
  }
}

function plain({ changed: _, told: __, ...message }: Kept): Message {
  return message;
}

function noticeText(parsed: Extract<Parsed, { kind: "notice" }>): string {
  return parsed.id === null ? parsed.text : `${parsed.id}: ${parsed.text}`;
}

function sessionKey(tag: Tag): string {
  return tag.key;
}

function messageKey(tag: Tag, id: string): string {
  return tag.instance === "postfix" || tag.instance === "" ? id : `${tag.instance}/${id}`;
}

/** A tenth at once: the front of a Map that had deletions is slow to reach. */
function dropOldest(map: Map<string, unknown>): void {
  let left = Math.ceil(map.size / 10);
  for (const key of map.keys()) {
    if (left-- === 0) return;
    map.delete(key);
  }
}
