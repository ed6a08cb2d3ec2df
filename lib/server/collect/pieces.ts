import "server-only";
import type { LogRecord } from "../../core/log-record";
import type { HostStore } from "../../store/events/host-store";
import type { LogFile, PieceState, ReaderOptions } from "./protocol";
import { PieceReader } from "./reader";

/** Bytes read at a go: some milliseconds of work, after which queries have their turn. */
const slice = 128 * 1024;
/** Bytes in one transaction while history is read. */
const transaction = 24 * 1024 * 1024;
/**
 * ms until what was read is committed, and with that seen, at the latest. A commit costs some 20 ms and more with much
 * that is open, so history, which nobody waits for, is committed less often.
 */
const patience = { live: 200, history: 3000 };

type Piece = { reader: PieceReader; n: number; files: LogFile[]; plan: unknown };
export type Committed = {
  piece: string;
  n: number;
  offset: number;
  oldest: number;
  newest: number;
  accounts: string[];
};
/** Lets everything else run; called between slices. */
export type Breathe = () => Promise<void>;

/**
 * Feeds pieces of a host's log into its store. A transaction holds rows of one piece only, with the state from which
 * the piece goes on: after a crash, exactly what was not committed is read again.
 */
export class Pieces {
  private readonly pieces = new Map<string, Piece>();
  private busy: Promise<unknown> = Promise.resolve();
  private writing: string | null = null;
  private bytes = 0;
  private oldest = Number.POSITIVE_INFINITY;
  private newest = 0;
  private lastCommit = 0;
  private later: NodeJS.Timeout | null = null;

  constructor(
    private readonly store: HostStore,
    private readonly breathe: Breathe,
    private readonly committed: (what: Committed) => void,
  ) {}

  /** One thing at a time: a transaction is not interleaved with another's. */
  private turn<T>(run: () => Promise<T>): Promise<T> {
    const result = this.busy.then(run);
    this.busy = result.catch(() => {});
    return result;
  }

  start(name: string, n: number, offset: number, options: ReaderOptions, snapshot: string | null): Promise<void> {
    return this.turn(async () => {
      if (this.writing === name) await this.commitNow();
      const reader = PieceReader.make(options, n, offset, snapshot);
      this.pieces.set(name, { reader, n, files: [], plan: null });
    });
  }

  plan(name: string, files: LogFile[], plan: unknown): Promise<void> {
    return this.turn(async () => {
      Object.assign(this.piece(name), { files, plan });
    });
  }

  /** The reader goes on in another file; what it holds of open messages and sessions stays. */
  next(name: string, n: number, writtenAt: number, files: LogFile[], plan: unknown): Promise<void> {
    return this.turn(async () => {
      const piece = this.piece(name);
      await this.write(name, (add) => piece.reader.turn(n, 0, writtenAt, add));
      Object.assign(piece, { n, files, plan });
      await this.commitNow();
    });
  }

  feed(name: string, bytes: Uint8Array): Promise<number> {
    return this.turn(async () => {
      const piece = this.piece(name);
      for (let at = 0; at < bytes.length; at += slice) {
        const part = bytes.subarray(at, at + slice);
        await this.write(name, (add) => piece.reader.feed(part, add));
        this.bytes += part.length;
        if (at + slice < bytes.length) await this.breathe();
      }
      const left = (name === "live" ? patience.live : patience.history) - (Date.now() - this.lastCommit);
      if (this.bytes >= transaction || left <= 0) await this.commitNow();
      else this.later ??= setTimeout(() => void this.turn(() => this.commitNow()).catch(() => {}), left);
      return piece.reader.offset;
    });
  }

  commit(name: string): Promise<void> {
    return this.turn(async () => {
      if (this.writing !== name) await this.write(name, () => {});
      await this.commitNow();
    });
  }

  /** Commits what was read whole; after that nothing can be fed any more. */
  abandon(): Promise<void> {
    return this.turn(async () => {
      await this.commitNow().catch(() => {});
      if (this.later) clearTimeout(this.later);
      this.pieces.clear();
    });
  }

  where(name: string): Promise<{ n: number; offset: number; cursor: string }> {
    return this.turn(async () => {
      const { n, reader } = this.piece(name);
      return { n, offset: reader.offset, cursor: reader.cursor };
    });
  }

  end(name: string): Promise<void> {
    return this.turn(async () => {
      const { reader } = this.piece(name);
      await this.write(name, (add) => reader.end(add));
      await this.commitNow();
    });
  }

  /** Days older than `before` go; no file is let go of while a transaction is open. */
  dropBefore(before: number): Promise<number> {
    return this.turn(async () => {
      await this.commitNow();
      return this.store.dropBefore(before);
    });
  }

  mend(name: string, live: string | null): Promise<number> {
    return this.turn(async () => {
      await this.commitNow();
      return this.piece(name).reader.mend(this.store, live === null ? null : this.piece(live).reader);
    });
  }

  private piece(name: string): Piece {
    const piece = this.pieces.get(name);
    if (!piece) throw new Error(`piece ${name} was not started`);
    return piece;
  }

  private async write(name: string, run: (add: (record: LogRecord) => void) => void): Promise<void> {
    if (this.writing !== null && this.writing !== name) await this.commitNow();
    const records: LogRecord[] = [];
    run((record) => records.push(record));
    const first = records[0];
    if (this.writing === null) {
      await this.store.begin(first?.at ?? Date.now());
      this.writing = name;
    }
    try {
      for (const record of records) {
        if (record.at < this.oldest) this.oldest = record.at;
        if (record.at > this.newest) this.newest = record.at;
        this.store.add(record);
      }
      await this.store.drain();
    } catch (error) {
      this.writing = null;
      this.pieces.delete(name);
      await this.store.rollback();
      throw error;
    }
  }

  private async commitNow(): Promise<void> {
    const name = this.writing;
    if (name === null) return;
    const piece = this.piece(name);
    const state: Omit<PieceState, "snapshot"> = {
      n: piece.n,
      offset: piece.reader.offset,
      cursor: piece.reader.cursor,
      files: piece.files,
      plan: piece.plan,
    };
    this.writing = null;
    this.bytes = 0;
    if (this.later) clearTimeout(this.later);
    this.later = null;
    try {
      const change = this.store.holdsSnapshot(name) ? piece.reader.change() : null;
      const accounts = await this.store.commit(name, {
        state: JSON.stringify(state),
        snapshot: change === null ? piece.reader.snapshot() : null,
        change,
      });
      this.lastCommit = Date.now();
      const { oldest, newest } = this;
      this.committed({ piece: name, n: piece.n, offset: piece.reader.offset, oldest, newest, accounts });
    } catch (error) {
      await this.store.rollback();
      // The reader is ahead of the store now: the piece must be started anew from its last commit.
      this.pieces.delete(name);
      throw error;
    }
  }
}
