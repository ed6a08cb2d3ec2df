import type { LogPosition } from "../log-record";
import { Clock, type Zone } from "./clock";
import { CommonLines } from "./common";
import { CommonHeads } from "./common-head";
import { Correlator, type CorrelatorChanges, type CorrelatorState, type RecordSink } from "./correlate";
import { HeadReader, type Tag } from "./head";
import type { Bytes } from "./intern";
import { journalEntry } from "./journal";
import { LineSplitter, type SplitterState } from "./lines";
import { parsePostfix, silent, unknown } from "./parse";
import { parseGap } from "./parse-gap";
import { parseDovecot } from "./parse-login";
import type { Parsed } from "./parsed";

/** Where reading stands in one file. */
export type LogSource = {
  /** The store's number of this generation of the file. */
  file: number;
  /** Uncompressed offset of the first byte that will be fed. */
  offset: number;
  zone: Zone;
  /** No line is later than this (ms): the file's mtime, or the host's now. */
  notAfter: number;
};

/** Everything that a reader needs to go on after a restart; plain JSON. `offset` is the next byte to feed. */
export type LogReaderState = {
  file: number;
  offset: number;
  lines: SplitterState;
  lastAt: number | null;
  cursor: string;
  counts: LogCounts;
  correlator: CorrelatorState;
};

/** The same, with what has become of the messages since an earlier state. */
export type LogReaderChanges = Omit<LogReaderState, "correlator"> & { changes: CorrelatorChanges };

export type LogCounts = {
  lines: number;
  /** Lines of Postfix. */
  postfix: number;
  /** Lines that no rule reads, or without time or program. */
  unknown: number;
  /** Lines of other programs. */
  foreign: number;
};

/** Bytes of a host's log, in the order they were written, to records. Files follow each other by `startFile`. */
export class LogReader {
  readonly counts: LogCounts;
  private readonly correlator: Correlator;
  private readonly heads: HeadReader;
  private readonly commonHeads: CommonHeads;
  private lines: LineSplitter;
  /** The file that is being read. */
  file: number;
  /** The last journal entry's cursor; "" while plain files are read. */
  cursor: string;
  private lastParsed: Parsed = silent;
  private lastTag: Tag | null = null;
  private lastText = "";

  /** @param changes What followed `state`, in order; the last one says where reading stands. */
  constructor(source: LogSource, before?: LogReaderState, changes: readonly LogReaderChanges[] = []) {
    const state = before && { ...before, ...changes.at(-1) };
    this.counts = state ? { ...state.counts } : { lines: 0, postfix: 0, unknown: 0, foreign: 0 };
    this.correlator = new Correlator(state?.correlator);
    for (const each of changes) this.correlator.apply(each.changes);
    this.heads = new HeadReader(new Clock(source.zone, source.notAfter, state?.lastAt ?? null));
    this.commonHeads = new CommonHeads(this.heads);
    this.lines = new LineSplitter(source.offset, state?.offset === source.offset ? state.lines : undefined);
    this.file = source.file;
    this.cursor = state?.cursor ?? "";
  }

  /** Goes on with the next file; sessions and messages last across it. Call `end` before, to have its last line. */
  startFile(source: LogSource): void {
    this.file = source.file;
    this.lines = new LineSplitter(source.offset);
    this.heads.clock = new Clock(source.zone, source.notAfter, this.heads.clock.state);
  }

  /** Offset of the next byte to feed. */
  get offset(): number {
    return this.lines.offset;
  }

  /** Time of the last line read; null before any. */
  get lastAt(): number | null {
    return this.heads.clock.state;
  }

  feed(chunk: Uint8Array, sink: RecordSink): void {
    const { lines } = this;
    const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length);
    const odd = (text: string, offset: number) => this.line(text, offset, sink);
    const all = { buffer: bytes, view: new DataView(chunk.buffer, chunk.byteOffset, chunk.length) };
    let at = 0;
    if (!lines.between) {
      at = bytes.indexOf(10) + 1 || bytes.length;
      lines.feed(bytes.subarray(0, at), odd);
    }
    while (at < bytes.length) {
      const end = this.commonLine(all, at, sink);
      if (end > 0) {
        lines.pass(end - at);
        at = end;
        continue;
      }
      const next = bytes.indexOf(10, at) + 1 || bytes.length;
      lines.feed(bytes.subarray(at, next), odd);
      at = next;
    }
  }

  /** Reads one line if it is whole and of a common kind; where the next begins, or 0. */
  private commonLine(bytes: Bytes, start: number, sink: RecordSink): number {
    const { buffer } = bytes;
    const end = buffer.indexOf(10, start);
    if (end < 0 || end - start > longestCommon || buffer[end - 1] === 13) return 0;
    const head = this.commonHeads;
    if (!head.read(bytes, start, end)) return 0;
    if (beyondAscii(bytes.view, head.text, end)) return 0;
    const parsed = common.read(bytes, head.text, end, head.tag.daemon);
    if (parsed === null) return 0;
    this.counts.lines++;
    this.counts.postfix++;
    // What a line said that is repeated is only kept of kinds that are not common.
    this.lastParsed = silent;
    this.lastTag = head.tag;
    this.correlator.add(parsed, head.at, head.tag, { file: this.file, offset: this.lines.offset }, "", 1, sink);
    return end + 1;
  }

  /** Reads the last line although its newline has not come. */
  end(sink: RecordSink): void {
    this.lines.end((text, offset) => this.line(text, offset, sink));
  }

  snapshot(): LogReaderState {
    return { ...this.place(), correlator: this.correlator.snapshot() };
  }

  /** Since the last call of this or of {@link snapshot}: much smaller where much is open. */
  changes(): LogReaderChanges {
    return { ...this.place(), changes: this.correlator.changes() };
  }

  /** Messages that are open where reading stands. */
  get open(): CorrelatorState["open"] {
    return this.correlator.openMessages();
  }

  private place(): Omit<LogReaderState, "correlator"> {
    const { file, offset, lastAt, cursor, counts } = this;
    return { file, offset, lines: this.lines.state, lastAt, cursor, counts: { ...counts } };
  }

  private line(whole: string, start: number, sink: RecordSink): void {
    this.counts.lines++;
    let text = whole;
    let offset = start;
    if (text.charCodeAt(0) === 0) {
      let nuls = 1;
      while (text.charCodeAt(nuls) === 0) nuls++;
      this.odd("(NUL bytes)", start, sink);
      if (nuls === text.length) return;
      text = text.slice(nuls);
      offset += nuls;
    }
    const heads = this.heads;
    if (text.charCodeAt(0) === 123) {
      const entry = journalEntry(text);
      if (entry) {
        heads.clock.saw(entry.at);
        this.cursor = entry.cursor;
        this.message(entry.text, entry.at, entry.tag, { file: this.file, offset }, sink);
        return;
      }
    }
    if (!heads.read(text)) {
      this.odd(text, offset, sink);
      return;
    }
    const at = heads.at;
    const message = text.slice(heads.text);
    this.message(message, at, heads.tag, { file: this.file, offset }, sink);
  }

  private message(message: string, at: number, tag: Tag, line: LogPosition, sink: RecordSink): void {
    let inner = message;
    let times = 1;
    if (message.startsWith("message repeated ")) {
      times = repeated(message, 17);
      const open = message.indexOf("[");
      if (open > 0) inner = message.slice(open + 1, message.endsWith("]") ? -1 : undefined).trim();
    } else if (tag.program === "" && message.startsWith("last message repeated ")) {
      times = repeated(message, 22);
      const { lastTag, lastParsed } = this;
      if (lastTag && (lastParsed.kind === "login" || lastParsed.kind === "reject")) {
        this.correlator.add(lastParsed, at, lastTag, line, this.lastText, times, sink);
      }
      return;
    }
    const parsed = this.parse(inner, tag);
    this.lastParsed = parsed;
    this.lastTag = tag;
    this.lastText = inner;
    this.correlator.add(parsed, at, tag, line, inner, times, sink);
  }

  private parse(text: string, tag: Tag): Parsed {
    if (tag.postfix) {
      this.counts.postfix++;
      const parsed = runTogether(text) ? unknown : parsePostfix(text, tag.daemon);
      if (parsed.kind === "unknown") this.counts.unknown++;
      return parsed;
    }
    const login = parseDovecot(tag.program, text);
    if (login !== null) return login;
    const gap = parseGap(text);
    if (gap !== null) return gap;
    this.counts.foreign++;
    return silent;
  }

  /** A line without time or program. */
  private odd(text: string, offset: number, sink: RecordSink): void {
    this.counts.unknown++;
    const at = this.lastAt ?? 0;
    this.correlator.add(unknown, at, nobody, { file: this.file, offset }, text, 1, sink);
  }
}

function beyondAscii(bytes: DataView, start: number, end: number): boolean {
  let p = start;
  let seen = 0;
  for (; p < end - 3; p += 4) seen |= bytes.getInt32(p, true);
  for (; p < end; p++) seen |= bytes.getUint8(p);
  return (seen & 0x80808080) !== 0;
}

const common = new CommonLines();
/** A line that is longer is none of the common ones. */
const longestCommon = 2000;

const nobody: Tag = {
  key: "",
  host: "",
  program: "",
  instance: "",
  service: "",
  daemon: "",
  pid: 0,
  postfix: false,
};

/** At most this many records for one line that says it was repeated. */
const maxRepeats = 10_000;

function repeated(message: string, from: number): number {
  const times = Number.parseInt(message.slice(from, from + 12), 10);
  return times > 0 ? Math.min(times, maxRepeats) : 1;
}

/** Two lines in one: a second head (`hh:mm:ss host postfix/…[N]: `) stands inside the message. */
function runTogether(text: string): boolean {
  let at = text.indexOf("]: ");
  while (at > 0) {
    let p = at - 1;
    while (p > 0 && text.charCodeAt(p) >= 48 && text.charCodeAt(p) <= 57) p--;
    if (p < at - 1 && text.charCodeAt(p) === 91) {
      const space = text.lastIndexOf(" ", p);
      if (text.startsWith("postfix", space + 1)) {
        const host = text.lastIndexOf(" ", space - 1);
        if (host > 5 && text.charCodeAt(host - 3) === 58 && text.charCodeAt(host - 6) === 58) return true;
      }
    }
    at = text.indexOf("]: ", at + 3);
  }
  return false;
}
