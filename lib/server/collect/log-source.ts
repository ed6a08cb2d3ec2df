import "server-only";

/** Where a host's log comes from. The real one asks the host over SSH; tests have one on local files. */
export type LogSource = {
  /** Every file of the log and its rotations. The one that is being written has `current`. */
  list(): Promise<ListedFile[]>;
  /**
   * Bytes from an offset of the uncompressed text, `length` 0 to the end. `take` is awaited: that is the brake. Answers
   * how it went: `changed` and `gone` where the path leads to another file now.
   */
  read(
    file: { path: string; inode: string },
    offset: number,
    length: number,
    take: (bytes: Uint8Array) => Promise<void>,
    signal: AbortSignal,
  ): Promise<{ state: "ok" | "changed" | "gone" | "unreadable"; bytes: number }>;
  /** Up to `length` bytes at each of several offsets of an uncompressed file, in one go. */
  peek(file: { path: string; inode: string }, offsets: number[], length: number): Promise<Uint8Array[]>;
  /** Bytes as they come, until the file was renamed and read to its end, truncated, or gone. Throws when cut. */
  follow(
    file: { path: string; inode: string },
    offset: number,
    take: (bytes: Uint8Array) => Promise<void>,
    signal: AbortSignal,
  ): Promise<"renamed" | "truncated" | "gone">;
  /** The host's journal, where it has one. */
  journal?: JournalLog;
};

/** Entries come as lines of JSON. */
export type JournalLog = {
  /** After a cursor, or since a time (ms), at most `limit` entries, and none of `until` (ms) or later. */
  read(
    from: { cursor: string } | { since: number },
    limit: number,
    until: number | null,
    take: (bytes: Uint8Array) => Promise<void>,
    signal: AbortSignal,
  ): Promise<{ more: boolean }>;
  /** As they come, after the cursor, until `signal`. Throws when cut. */
  follow(cursor: string, take: (bytes: Uint8Array) => Promise<void>, signal: AbortSignal): Promise<void>;
};

export type ListedFile = {
  path: string;
  inode: string;
  /** Bytes on disk, compressed or not. */
  size: number;
  /** ms. */
  mtime: number;
  compression: "none" | "gz" | "xz" | "zst" | "bz2";
  headBytes: number;
  head: string;
  readable: boolean;
  current: boolean;
};
