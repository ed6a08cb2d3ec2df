import "server-only";
import { randomBytes } from "node:crypto";
import { interner, parsePostqueueLine } from "../../core/postqueue";
import type { QueueMessage } from "../../core/queue";
import type { HostCalls } from "../actions/host-calls";
import { publish } from "../bus";
import { log } from "../log";
import { type FromLog, type KnownMessages, prune, resolveMessages } from "./resolve";
import type { Snapshot } from "./snapshot";

/**
 * The listings of one host: one at a time, shared by all who ask. The last few stay, so that a page that was begun can
 * be read on.
 */
export class Listings {
  private running: { snapshot: Snapshot; done: Promise<Snapshot> } | null = null;
  private kept: Snapshot[] = [];
  private readonly known: KnownMessages = new Map();
  /** Counts of the queue directories when the last listing began; another count means that it has moved. */
  private countsThen = "";
  private countsNow = "";
  private counts: Record<string, number> = {};
  lastAsked = 0;
  /** When Sluice itself last changed the queue: what was listed before that is no answer any more. */
  private changedAt = 0;
  private inAction = false;

  constructor(
    readonly host: string,
    private readonly calls: () => HostCalls,
    private readonly fromLog: FromLog,
  ) {}

  /** The newest listing that was read to its end, if there is one. */
  get latest(): Snapshot | undefined {
    return this.kept[0];
  }
  /** The one being read, whose messages are still coming. */
  get reading(): Snapshot | undefined {
    return this.running?.snapshot;
  }
  byId(id: string): Snapshot | undefined {
    return this.kept.find((snapshot) => snapshot.id === id);
  }

  /** A listing that began at most `maxAge` ms ago, or a new one. Throws when the host cannot be listed. */
  async fresh(maxAge: number): Promise<Snapshot> {
    const since = Math.max(Date.now() - maxAge, this.changedAt);
    if (this.latest && this.latest.asOf >= since) return this.latest;
    if (this.running && this.running.snapshot.asOf >= since) return this.running.done;
    // One that began too long ago is no answer; the next begins when it has ended.
    if (this.running) await this.running.done.catch(() => {});
    return this.running ? this.running.done : this.begin();
  }

  /**
   * The listing to show. A small queue is listed anew each time, a large one where its counts have moved since, and both
   * at most every 1.5 s.
   */
  async current(): Promise<Snapshot> {
    this.lastAsked = Date.now();
    const { latest } = this;
    if (!latest) return this.fresh(1000);
    if (latest.asOf < this.changedAt) return this.fresh(1000);
    const age = Date.now() - latest.asOf;
    const stale = latest.messages.length < 20_000 || this.countsNow !== this.countsThen || age > 60_000;
    return age > 1500 && stale ? this.fresh(1000) : latest;
  }

  /**
   * What was read last, for those who can do with that. Where there is nothing, or the queue has moved since, it is
   * listed in the background, and an event tells when that is done.
   */
  look(): Snapshot | undefined {
    this.lastAsked = Date.now();
    const moved =
      this.latest && !this.inAction && this.countsNow !== this.countsThen && Date.now() - this.latest.asOf > 4000;
    if (!this.running && (!this.latest || moved)) this.begin().catch(() => {});
    return this.latest;
  }

  /**
   * While an action is at work it moves the queue all the time, so the background does not list it: that would cost the host
   * more than the action. Once it has ended, whoever asks sees what it did.
   */
  acting(now: boolean): void {
    this.inAction = now;
    if (!now) this.changedAt = Date.now() + 1;
  }

  /** News of the queue's size: lists anew, at most every few seconds, while someone is looking. */
  counted(news: Record<string, number>): void {
    this.counts = news;
    const counts = JSON.stringify(news);
    this.countsNow = counts;
    const idle = Date.now() - this.lastAsked > 60_000;
    const young = this.latest && Date.now() - this.latest.asOf < 4000;
    if (idle || young || this.inAction || this.running || counts === this.countsThen) return;
    this.begin().catch(() => {});
  }

  private begin(): Promise<Snapshot> {
    const snapshot: Snapshot = {
      id: randomBytes(6).toString("hex"),
      host: this.host,
      asOf: Date.now(),
      complete: false,
      messages: [],
      odd: 0,
      resolved: Promise.resolve(),
      unresolved: 0,
    };
    this.countsThen = this.countsNow;
    const done = this.read(snapshot).finally(() => {
      this.running = null;
    });
    this.running = { snapshot, done };
    return done;
  }

  private async read(snapshot: Snapshot): Promise<Snapshot> {
    const intern = interner();
    const { messages } = snapshot;
    const seen = new Map<string, number>();
    const calls = this.calls();
    await calls.list((instance, json) => {
      const message = parsePostqueueLine(instance, json, intern);
      if (!message) {
        snapshot.odd++;
        return;
      }
      // A message that moves between two queues while it is listed comes twice: the later sight is the truer.
      const key = `${instance}/${message.id}`;
      const before = seen.get(key);
      if (before !== undefined) messages[before] = message;
      else {
        seen.set(key, messages.length);
        messages.push(message);
        snapshot.unresolved++;
      }
    });
    snapshot.complete = true;
    if (snapshot.odd > 0)
      log.warn({ host: this.host, lines: snapshot.odd }, "lines of postqueue -j that are no message");
    this.kept = [snapshot, ...this.kept].slice(0, 3);
    const unresolved = snapshot.unresolved > 0;
    snapshot.resolved = this.resolveAll(snapshot, calls)
      .catch((error) => {
        log.warn({ err: error, host: this.host }, "accounts of the queue not read");
      })
      .then(() => {
        // Who counts by account has counted too few until now.
        if (unresolved) this.tell(snapshot);
      });
    this.tell(snapshot);
    return snapshot;
  }

  private tell(snapshot: Snapshot): void {
    publish("queue", {
      host: this.host,
      counts: this.counts,
      asOf: new Date(snapshot.asOf).toISOString(),
      listing: snapshot.id,
    });
  }

  /** Finds the accounts of these at once, before those that the background is at. */
  resolve(messages: readonly QueueMessage[]): Promise<void> {
    return resolveMessages(messages, this.known, this.fromLog, this.calls().ask);
  }

  private async resolveAll(snapshot: Snapshot, calls: HostCalls): Promise<void> {
    const count = () => {
      snapshot.unresolved = snapshot.messages.reduce((n, message) => n + (message.account === undefined ? 1 : 0), 0);
    };
    try {
      await resolveMessages(snapshot.messages, this.known, this.fromLog, calls.ask, count);
    } finally {
      count();
      prune(this.known, snapshot);
    }
  }
}
