import "server-only";
import type { Value } from "../../store/events/duck";

/** How a piece's bytes are to be read. Times in ms. */
export type ReaderOptions = {
  /** IANA name of the host's zone, for timestamps without one; "" where only the offset is known. */
  zone: string;
  /** Minutes east of UTC, where the name is not known. */
  zoneMinutes: number;
  /** When the last line was written, as near as is known: the year of timestamps without one comes from it. */
  writtenAt: number;
};

/** A generation of a log file, known again by its first bytes, or, while it has fewer than 256, by its inode. */
export type LogFile = { n: number; path: string; inode: string; headBytes: number; head: string };

/** What is committed with the rows of a piece: the reader stands at `offset` of file `n`. */
export type PieceState = {
  n: number;
  offset: number;
  /** Of the journal: the last entry read. */
  cursor: string;
  snapshot: string | null;
  files: LogFile[];
  /** Of the collector alone. */
  plan: unknown;
};

export type Requests = {
  open: { args: { host: string; folder: string }; answer: { pieces: Record<string, PieceState>; notices: string[] } };
  /** Begins a piece, or goes on with it from its snapshot. */
  start: {
    args: { host: string; piece: string; n: number; offset: number; options: ReaderOptions; snapshot: string | null };
    answer: null;
  };
  /** Bytes that follow what was fed before; answered, with the next byte wanted, when they are read. */
  feed: { args: { host: string; piece: string; bytes: Uint8Array }; answer: number };
  /**
   * The same reader goes on at the beginning of another file (after a rotation). `files` knows it by then, and is
   * committed with the turn: what is known was read or is history, so that no generation is read a second time.
   */
  turn: {
    args: { host: string; piece: string; n: number; writtenAt: number; files: LogFile[]; plan: unknown };
    answer: null;
  };
  /** What is committed with the piece's next rows. */
  plan: { args: { host: string; piece: string; files: LogFile[]; plan: unknown }; answer: null };
  /** Makes everything fed durable. */
  commit: { args: { host: string; piece: string }; answer: null };
  /** The piece ended at a seam: messages and sessions open there are given to the records behind the seam. */
  mend: { args: { host: string; piece: string; live: string | null }; answer: { messages: number } };
  /** The next byte that a piece wants. */
  where: { args: { host: string; piece: string }; answer: { n: number; offset: number; cursor: string } };
  /** The piece's file is over: its last line counts even without a newline. */
  end: { args: { host: string; piece: string }; answer: null };
  query: { args: { host: string; name: string; params: unknown }; answer: unknown };
  dropBefore: { args: { host: string; before: number }; answer: number };
  forget: { args: { host: string }; answer: null };
  close: { args: Record<string, never>; answer: null };
};
export type RequestName = keyof Requests;
export type Request = { [N in RequestName]: { id: number; op: N; args: Requests[N]["args"] } }[RequestName];
export type Reply =
  | { id: number; ok: true; answer: unknown }
  | { id: number; ok: false; message: string }
  | {
      /** `oldest` and `newest` are times in ms of the lines read since the host was opened. */
      committed: {
        host: string;
        piece: string;
        n: number;
        offset: number;
        oldest: number;
        newest: number;
        accounts: string[];
      };
    };
export type Params = Record<string, Value>;
