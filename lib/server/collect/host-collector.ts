import "server-only";
import { bisect } from "./bisect";
import { followOn, type JournalWork, readOn } from "./journal-reading";
import { findFile, newestFirst, sameFile } from "./log-files";
import type { JournalLog, ListedFile, LogSource } from "./log-source";
import type { LogFile, PieceState, ReaderOptions } from "./protocol";
import type { CollectWorker } from "./worker-client";

type Zone = { name: string; minutes: number };
export type CollectorOptions = {
  host: string;
  folder: string;
  worker: CollectWorker;
  source: LogSource;
  /** Of the host; asked once it can be reached. */
  zone: () => Promise<Zone>;
  historyDays: () => number;
  now?: () => number;
  /** ms before a failed session is tried again. */
  retry?: (failures: number) => number;
  /** ms for which a file that was just renamed must stay as it is before the next one is read. */
  settle?: number;
  changed?: () => void;
};
/** A part of history that is still to be read: a whole file, or its beginning up to where newer reading began. */
type Section = { n: number; to: number | null; bytes: number };
type BackPlan = {
  sections: Section[];
  done: number;
  total: number /** Where the journal's live piece began, ms. */;
  journal?: number;
};

export type CollectorState = {
  source: string | null;
  oldest: number | null;
  newest: number | null;
  behindBytes: number;
  backfill: { done: number; total: number; rate: number; paused: boolean } | null;
  notice: string | null;
};

/** What the journal is called where a file's path would stand. */
export const journalPath = "journal";
const firstWindow = 3_600_000;
/** A file that is being renamed or compressed can be missing from its place so many times before it is called gone. */
const inTransit = 4;
/** A daemon that was not told yet writes to a renamed file for some seconds more. */
const slowToLeave = 10_000;
/** A log smaller than this is read whole at once: it takes less time than looking for the last hour in it. */
const smallLog = 4 * 1024 * 1024;

/**
 * Reads the log of one host: the last hour first, then what comes, and beside it the history, newest file first. What
 * was read stands in the store together with the place, so whatever is cut (connection, process, rotation) goes on
 * from there, with no line lost and none counted twice.
 */
export class HostCollector {
  readonly state: CollectorState = {
    source: null,
    oldest: null,
    newest: null,
    behindBytes: 0,
    backfill: null,
    notice: null,
  };
  private zone: Zone = { name: "", minutes: 0 };
  private files: LogFile[] = [];
  private live: { n: number; offset: number } | null = null;
  private back: BackPlan | null = null;
  private paused = false;
  private resume: (() => void) | null = null;
  /** Called once what is new has been read to its end: history waits for it. */
  private caughtUp = () => {};
  private readonly stopper = new AbortController();
  private session = new AbortController();
  private running: Promise<void> | null = null;
  private unhear: (() => void) | null = null;

  constructor(private readonly options: CollectorOptions) {}

  start(): void {
    const { worker, host } = this.options;
    this.unhear = worker.onCommitted((what) => {
      if (what.host !== host) return;
      const { oldest, newest } = this.state;
      if (what.newest > (newest ?? 0)) this.state.newest = what.newest;
      if (what.oldest < (oldest ?? Number.POSITIVE_INFINITY)) this.state.oldest = what.oldest;
    });
    this.running = this.run();
  }

  async stop(): Promise<void> {
    this.stopper.abort();
    this.session.abort();
    this.resume?.();
    await this.running?.catch(() => {});
    this.unhear?.();
  }

  pause(paused: boolean): void {
    this.paused = paused;
    if (this.state.backfill) this.state.backfill.paused = paused;
    if (!paused) this.resume?.();
  }

  /** Days older than the setting go, as whole files. */
  async dropOld(): Promise<void> {
    const { worker, host, historyDays } = this.options;
    await worker.request("dropBefore", { host, before: this.now - historyDays() * 86_400_000 });
  }

  private get inJournal(): boolean {
    return this.files.some((file) => file.path === journalPath);
  }

  /** Every generation of the log that lines are stored of. */
  get known(): readonly LogFile[] {
    return this.files;
  }

  /** The log's files as they stand now. */
  list(): Promise<ListedFile[]> {
    return this.options.source.list();
  }

  private get now(): number {
    return (this.options.now ?? Date.now)();
  }

  private reading(writtenAt: number): ReaderOptions {
    return { zone: this.zone.name, zoneMinutes: this.zone.minutes, writtenAt };
  }

  private async run(): Promise<void> {
    let failures = 0;
    let opened = false;
    while (!this.stopper.signal.aborted) {
      this.session = new AbortController();
      try {
        // The host is asked for its files while the store opens: both take their time, and nothing waits for the other.
        const listing = this.options.source.list();
        listing.catch(() => {});
        if (!opened) await this.open();
        opened = true;
        await this.read(await listing, () => {
          failures = 0;
        });
      } catch (error) {
        this.session.abort();
        if (this.stopper.signal.aborted) break;
        this.state.notice = error instanceof Error ? error.message : String(error);
        opened = await this.stillAtWork();
        failures++;
      }
      this.options.changed?.();
      await this.sleep((this.options.retry ?? ((n) => Math.min(30_000, 500 * 2 ** n)))(failures));
    }
  }

  /**
   * After a cut connection the reading thread has everything and goes on; after a failure of the store it has let go
   * of the piece, which then begins again from what was committed.
   */
  private async stillAtWork(): Promise<boolean> {
    const { worker, host } = this.options;
    try {
      if (this.live) this.live = await worker.request("where", { host, piece: "live" });
      if (this.back) await worker.request("where", { host, piece: "back" });
      return true;
    } catch {
      return false;
    }
  }

  /** Opens the store and takes up each piece where it was committed. A store with a broken file is read anew. */
  private async open(): Promise<void> {
    const { worker, host, folder } = this.options;
    const [zone, stored] = await Promise.all([this.options.zone(), worker.request("open", { host, folder })]);
    this.zone = zone;
    let opened = stored;
    if (opened.notices.length > 0) {
      const [notice = null] = opened.notices;
      await worker.request("forget", { host });
      opened = await worker.request("open", { host, folder });
      this.state.notice = notice;
    }
    const span = await worker.query(host, "span", null);
    this.state.oldest = span?.from ?? null;
    this.state.newest = span ? span.to - 1 : null;
    const { live, back } = opened.pieces;
    this.files = merged([...(live?.files ?? []), ...(back?.files ?? [])]);
    this.live = null;
    this.back = null;
    if (!live) return;
    this.live = { n: live.n, offset: live.offset };
    await this.take("live", live);
    const plan = (back?.plan ?? live.plan) as BackPlan | null;
    if (!plan || plan.sections.length === 0) return;
    this.back = plan;
    const first = plan.sections[0] as Section;
    await this.take("back", back && back.n === first.n ? back : { ...fresh(first.n), files: this.files, plan });
  }

  private async take(piece: string, state: PieceState): Promise<void> {
    const { worker, host } = this.options;
    const { n, offset, snapshot } = state;
    await worker.request("start", { host, piece, n, offset, options: this.reading(this.now), snapshot });
    await worker.request("plan", { host, piece, files: state.files, plan: state.plan });
  }

  private async read(list: ListedFile[], healthy: () => void): Promise<void> {
    healthy();
    if (!this.live) await this.firstContact(list);
    if (!this.live) return;
    const first = new Promise<void>((done) => {
      this.caughtUp = done;
      this.session.signal.addEventListener("abort", () => done());
      if (this.inJournal) done();
    });
    const { signal } = this.session;
    const backfill = first.then(() => (signal.aborted ? undefined : this.backfill()));
    // A failure of either ends both; the loop takes them up again.
    const failed = backfill.then(() => new Promise<never>(() => {}));
    await Promise.race([this.follow(list), failed]);
    this.session.abort();
    await backfill.catch(() => {});
  }

  private async firstContact(list: ListedFile[]): Promise<void> {
    const { worker, host, source } = this.options;
    const [current, ...older] = newestFirst(list);
    if (!current?.current && source.journal) return this.firstJournal();
    if (!current?.current) {
      this.state.notice = list.length > 0 ? "The log cannot be read." : "No mail log was found.";
      return;
    }
    const options = this.reading(current.mtime + 60_000);
    const seam = current.size > smallLog ? await bisect(source, current, this.now - firstWindow, options) : 0;
    this.files = [];
    const n = this.number(current);
    const cutoff = this.now - this.options.historyDays() * 86_400_000;
    const sections: Section[] = seam > 0 ? [{ n, to: seam, bytes: seam }] : [];
    for (const file of older)
      if (file.mtime >= cutoff) sections.push({ n: this.number(file), to: null, bytes: file.size });
    const plan = { sections, done: 0, total: sections.reduce((sum, section) => sum + section.bytes, 0) };
    await this.take("live", { ...fresh(n), offset: seam, files: this.files, plan });
    await worker.request("commit", { host, piece: "live" });
    this.live = { n, offset: seam };
    this.back = sections.length > 0 ? plan : null;
    const first = sections[0];
    if (first) await this.take("back", { ...fresh(first.n), files: this.files, plan });
  }

  /** The journal is one endless file to the store; the last hour of it is a piece, and what is before it another. */
  private async firstJournal(): Promise<void> {
    const { worker, host } = this.options;
    const to = Math.floor((this.now - firstWindow) / 1000) * 1000;
    this.files = [{ n: 1, path: journalPath, inode: journalPath, headBytes: 0, head: "" }];
    const plan: BackPlan = { sections: [{ n: 1, to: null, bytes: 0 }], done: 0, total: 0, journal: to };
    await this.take("live", { ...fresh(1), files: this.files, plan });
    await worker.request("commit", { host, piece: "live" });
    this.live = { n: 1, offset: 0 };
    this.back = plan;
    await this.take("back", { ...fresh(1), files: this.files, plan });
  }

  private journalWork(piece: "live" | "back", journal: JournalLog, signal: AbortSignal): JournalWork {
    const { worker, host } = this.options;
    return {
      journal,
      signal,
      feed: async (bytes) => {
        if (piece === "back") await this.waitWhilePaused(signal);
        const size = bytes.length;
        await this.feed(piece, bytes, signal);
        if (piece === "back" && this.back) {
          const done = (this.state.backfill?.done ?? 0) + size;
          this.state.backfill = { done, total: done, rate: 0, paused: this.paused };
        }
      },
      cursor: async () => (await worker.request("where", { host, piece })).cursor,
    };
  }

  private async waitWhilePaused(signal: AbortSignal): Promise<void> {
    while (this.paused && !signal.aborted)
      await new Promise<void>((done) => {
        this.resume = done;
      });
  }

  /** The number of a listed generation; a new one gets the next. */
  private number(listed: ListedFile): number {
    const known = this.files.find((file) => sameFile(file, listed));
    const { path, inode, headBytes, head } = listed;
    if (known) {
      Object.assign(known, { path, inode, headBytes, head });
      return known.n;
    }
    const n = Math.max(0, ...this.files.map((file) => file.n)) + 1;
    this.files.push({ n, path, inode, headBytes, head });
    return n;
  }

  /** Reads on to the end of each rotated file, then follows the current one; answers when it is no longer current. */
  private async follow(first: ListedFile[]): Promise<void> {
    const { worker, host, source } = this.options;
    const { signal } = this.session;
    if (this.inJournal && source.journal) {
      this.state.source = journalPath;
      const since = this.back?.journal ?? this.now - firstWindow;
      return followOn(this.journalWork("live", source.journal, signal), since, (ms) => this.sleep(ms));
    }
    let list = first;
    let misses = 0;
    while (!signal.aborted) {
      const live = this.live as { n: number; offset: number };
      const known = this.files.find((file) => file.n === live.n);
      const order = newestFirst(list).reverse();
      const mine = known ? findFile(known, list) : null;
      const at = mine && known ? order.findIndex((file) => sameFile(known, file)) : -1;
      if (known && mine?.current) {
        this.number(mine);
        await this.plan("live");
        this.state.source = mine.path;
        this.state.behindBytes = Math.max(0, mine.size - live.offset);
        if (this.state.behindBytes === 0) this.caughtUp();
        const end = await source.follow(mine, live.offset, (bytes) => this.feedLive(bytes, signal), signal);
        if (end === "gone") await this.sleep(500);
      } else {
        const before = live.offset;
        const take = (bytes: Uint8Array) => this.feedLive(bytes, signal);
        const read = mine ? (await source.read(mine, live.offset, 0, take, signal)).state : "gone";
        if ((read === "gone" || read === "changed") && ++misses < inTransit) {
          await this.sleep(500);
          list = await source.list();
          continue;
        }
        misses = 0;
        if (!mine)
          this.state.notice =
            "The log file that was read last is gone from the host: lines written after it was last seen may be missing.";
        // The oldest that came after it and that nothing was read of: a rotation's time may be that of its compression.
        const next = order
          .slice(at + 1)
          .find((file) => file.current || !this.files.some((each) => sameFile(each, file)));
        if (mine && next && live.offset > before && next.mtime - mine.mtime < slowToLeave) {
          await this.sleep(this.options.settle ?? 5000);
          list = await source.list();
          continue;
        }
        if (!next) {
          await this.sleep(500);
        } else {
          const n = this.number(next);
          const writtenAt = next.mtime + 60_000;
          await worker.request("turn", { host, piece: "live", n, writtenAt, files: this.files, plan: this.back });
          this.live = { n, offset: 0 };
          if (next.current) continue;
        }
      }
      list = await source.list();
    }
  }

  private plan(piece: string): Promise<null> {
    return this.options.worker.request("plan", { host: this.options.host, piece, files: this.files, plan: this.back });
  }

  private async feedLive(bytes: Uint8Array, signal: AbortSignal): Promise<void> {
    const live = this.live as { n: number; offset: number };
    const size = bytes.length;
    live.offset = await this.feed("live", bytes, signal);
    this.state.behindBytes = Math.max(0, this.state.behindBytes - size);
    if (this.state.behindBytes === 0) this.caughtUp();
    const file = this.files.find((each) => each.n === live.n);
    // A young file is known by its inode only; as soon as it has its first 256 bytes it is known by them.
    if (file && file.headBytes < 256 && live.offset >= 256) {
      const listed = (await this.options.source.list()).find((each) => each.inode === file.inode && each.current);
      if (listed && listed.headBytes > file.headBytes) {
        Object.assign(file, { headBytes: listed.headBytes, head: listed.head });
        await this.plan("live");
        await this.options.worker.request("commit", { host: this.options.host, piece: "live" });
      }
    }
  }

  private feed(piece: string, bytes: Uint8Array, signal: AbortSignal): Promise<number> {
    // What comes in late of a session that was cut would be read again by the next one.
    if (signal.aborted) return Promise.reject(new Error("The session has ended."));
    // A Buffer may share its memory with others; see Flow for what need not be copied.
    const own = Buffer.isBuffer(bytes) ? new Uint8Array(bytes) : bytes;
    return this.options.worker.request("feed", { host: this.options.host, piece, bytes: own }, [
      own.buffer as ArrayBuffer,
    ]);
  }

  /** Reads history, section by section, and mends each seam. */
  private async backfill(): Promise<void> {
    const { worker, host, source } = this.options;
    const { signal } = this.session;
    while (this.back && !signal.aborted) {
      const plan = this.back;
      const section = plan.sections[0];
      if (!section) break;
      const known = this.files.find((file) => file.n === section.n);
      if (this.inJournal && source.journal)
        await readOn(
          this.journalWork("back", source.journal, signal),
          Math.max(0, this.now - this.options.historyDays() * 86_400_000),
          plan.journal ?? this.now,
        );
      else if (known) await this.section(plan, section, known, signal);
      if (signal.aborted) return;
      if (section.to === null && !this.inJournal) await worker.request("end", { host, piece: "back" });
      await worker.request("mend", { host, piece: "back", live: "live" });
      await worker.request("commit", { host, piece: "live" });
      this.back = { ...plan, sections: plan.sections.slice(1), done: plan.done + section.bytes };
      const next = this.back.sections[0];
      if (next) await this.take("back", { ...fresh(next.n), files: this.files, plan: this.back });
      else await this.plan("back");
      await worker.request("commit", { host, piece: "back" });
    }
    this.back = null;
    this.state.backfill = null;
    await this.plan("live");
    const span = await worker.query(host, "span", null);
    this.state.oldest = span?.from ?? this.state.oldest;
    await this.dropOld();
    this.options.changed?.();
  }

  /** Reads a part of history wherever rotation has put its file meanwhile. What is gone from the host is passed over. */
  private async section(plan: BackPlan, section: Section, known: LogFile, signal: AbortSignal): Promise<void> {
    for (let misses = 0; misses < inTransit && !signal.aborted; misses++) {
      if (misses > 0) await this.sleep(500);
      const listed = findFile(known, await this.options.source.list());
      if (listed && (await this.part(plan, section, listed, signal))) return;
    }
  }

  /** False where the file had moved before it was read. */
  private async part(plan: BackPlan, section: Section, listed: ListedFile, signal: AbortSignal): Promise<boolean> {
    const { source } = this.options;
    const state = await this.options.worker.request("where", { host: this.options.host, piece: "back" });
    let offset = state.offset;
    const started = Date.now();
    const from = offset;
    const left = section.to === null ? 0 : section.to - offset;
    if (section.to !== null && left <= 0) return true;
    let pending: Promise<unknown> = Promise.resolve();
    const { state: read } = await source.read(
      listed,
      offset,
      left,
      async (bytes) => {
        await this.waitWhilePaused(signal);
        // One part is read by the thread while the next is on its way.
        await pending;
        offset += bytes.length;
        pending = this.feed("back", bytes, signal);
        pending.catch(() => {});
        const seconds = Math.max(0.001, (Date.now() - started) / 1000);
        this.state.backfill = {
          done: Math.min(plan.total, plan.done + Math.min(section.bytes, offset)),
          total: plan.total,
          rate: Math.round((offset - from) / seconds),
          paused: this.paused,
        };
      },
      signal,
    );
    await pending;
    return read === "ok" || read === "unreadable";
  }

  private sleep(ms: number): Promise<void> {
    const { signal } = this.stopper;
    return new Promise((done) => {
      const end = () => {
        clearTimeout(timer);
        signal.removeEventListener("abort", end);
        done();
      };
      const timer = setTimeout(end, ms);
      signal.addEventListener("abort", end);
    });
  }
}

const fresh = (n: number): PieceState => ({ n, offset: 0, cursor: "", snapshot: null, files: [], plan: null });

/** The same generation may stand in two pieces' lists: the one with the longer head knows it better. */
function merged(files: readonly LogFile[]): LogFile[] {
  const by = new Map<number, LogFile>();
  for (const file of files) {
    const known = by.get(file.n);
    if (!known || known.headBytes < file.headBytes) by.set(file.n, file);
  }
  return [...by.values()];
}
