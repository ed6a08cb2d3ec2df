import "server-only";
import { fixedZone, namedZone, type Zone } from "../../core/log/clock";
import { LogReader, type LogReaderChanges, type LogReaderState } from "../../core/log/reader";
import type { LogRecord } from "../../core/log-record";
import type { HostStore } from "../../store/events/host-store";
import { type Carried, mendSeam } from "../../store/events/seam";
import type { ReaderOptions } from "./protocol";

/** Bytes of changes that are always kept before a whole snapshot is made. */
const smallest = 256 * 1024;

type Add = (record: LogRecord) => void;

function zoneOf(options: ReaderOptions): Zone {
  try {
    return options.zone ? namedZone(options.zone) : fixedZone(options.zoneMinutes);
  } catch {
    return fixedZone(options.zoneMinutes);
  }
}

/** A LogReader that can be put away and taken up again, and that can hand its open messages over a seam. */
export class PieceReader {
  /** Bytes of the last whole snapshot, and of the changes since; a whole one again when these are the more. */
  private whole = 0;
  private since = Number.POSITIVE_INFINITY;

  private constructor(
    private reader: LogReader,
    private readonly options: ReaderOptions,
  ) {}

  static make(options: ReaderOptions, file: number, offset: number, snapshot: string | null): PieceReader {
    const source = { file, offset, zone: zoneOf(options), notAfter: options.writtenAt };
    if (snapshot === null) return new PieceReader(new LogReader(source), options);
    const [state, ...changes] = snapshot.split("\n").map((text) => JSON.parse(text));
    return new PieceReader(new LogReader(source, state as LogReaderState, changes as LogReaderChanges[]), options);
  }

  feed(bytes: Uint8Array, add: Add): void {
    this.reader.feed(bytes, add);
  }

  get offset(): number {
    return this.reader.offset;
  }

  /** The file is over: its last line counts even without a newline. */
  end(add: Add): void {
    this.reader.end(add);
  }

  turn(file: number, offset: number, writtenAt: number, add: Add): void {
    this.reader.end(add);
    this.reader.startFile({ file, offset, zone: zoneOf(this.options), notAfter: writtenAt });
  }

  /** Everything that the reader goes on from, one line of JSON; changes may follow it, a line each. */
  snapshot(): string {
    const text = JSON.stringify(this.reader.snapshot());
    this.whole = text.length;
    this.since = 0;
    return text;
  }

  /** What has changed since the last snapshot or change; null where it is time for a whole one. */
  change(): string | null {
    if (this.since > Math.max(smallest, 2 * this.whole)) return null;
    const text = JSON.stringify(this.reader.changes());
    this.since += text.length;
    return text;
  }

  /** The journal's cursor after the last entry read; "" for plain files. */
  get cursor(): string {
    return this.reader.cursor;
  }

  /** Messages open where this reader stopped, and when that was. */
  private carried(): { at: number; open: LogReaderState["correlator"]["open"] } {
    return { at: this.reader.lastAt ?? 0, open: this.reader.open };
  }

  /**
   * This reader has come to the place where newer records begin. Those of messages that were open here are given
   * their account, and the reader that goes on (`live`) learns of the messages that are still open there.
   */
  async mend(store: HostStore, live: PieceReader | null): Promise<number> {
    const { at, open } = this.carried();
    if (open.length === 0) return 0;
    const carried: Carried[] = open.map(([, message]) => ({
      id: message.id,
      born: message.firstAt,
      account: message.account,
      enveloped: message.enveloped,
    }));
    live?.adopt(open, at);
    const { file, offset, cursor } = this.reader;
    return mendSeam(store, carried, { at, line: cursor === "" ? { file, offset } : null });
  }

  private adopt(carried: LogReaderState["correlator"]["open"], seam: number): void {
    const state = this.reader.snapshot();
    const open = new Map(state.correlator.open);
    const finished = new Map(state.correlator.finished);
    for (const [key, message] of carried) {
      const mine = open.get(key);
      if (mine ? !mine.submitted && mine.firstAt >= seam - 5000 : !finished.has(key))
        open.set(key, { ...message, enveloped: message.enveloped || (mine?.enveloped ?? false) });
    }
    state.correlator.open = [...open].sort((a, b) => a[1].firstAt - b[1].firstAt);
    const source = {
      file: state.file,
      offset: state.offset,
      zone: zoneOf(this.options),
      notAfter: this.options.writtenAt,
    };
    this.reader = new LogReader(source, state);
    this.since = Number.POSITIVE_INFINITY;
  }
}
