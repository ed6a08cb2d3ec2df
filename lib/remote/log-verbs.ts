import "server-only";
import type { CallOptions, HostConnection } from "./connection";

export type LogFile = {
  /** The path that is being written; `path` is it or one of its rotations. */
  base: string;
  path: string;
  dev: string;
  inode: string;
  /** Bytes on disk. */
  size: number;
  /** ms since the epoch. */
  mtime: number;
  compression: "none" | "gz" | "bz2" | "xz" | "zst";
  /** SHA-256 of the first `headBytes` (at most 256) uncompressed bytes: the same text under another name. */
  headBytes: number;
  head: string;
  readable: boolean;
};

/** Log files of the given path, or of every usual place. */
export async function listLogs(conn: HostConnection, path?: string, options?: CallOptions): Promise<LogFile[]> {
  const { rows } = await conn.call("log-list", {}, path ? [{ path }] : [], options);
  return rows.map((row) => ({
    ...row,
    size: Number(row.size),
    mtime: Number(row.mtime) * 1000,
    compression: row.compression as LogFile["compression"],
    headBytes: Number(row.headBytes),
    readable: row.readable === "1",
  }));
}

export type LogPiece = { path: string; inode: string; offset: number; length: number };
export type LogRead = { path: string; state: "ok" | "changed" | "gone" | "unreadable"; bytes: number };

/** Reads pieces in order; the bytes of a piece come before its `LogRead`. Offsets are of the uncompressed text. */
export async function readLogs(
  conn: HostConnection,
  pieces: readonly LogPiece[],
  handler: { data(bytes: Buffer): void; file(read: LogRead): void; pace?: () => Promise<void> | undefined },
  options?: CallOptions,
): Promise<void> {
  const items = pieces.map((piece) => ({
    path: piece.path,
    inode: piece.inode,
    offset: String(piece.offset),
    length: String(piece.length),
  }));
  await conn.stream(
    "log-read",
    {},
    items,
    {
      data: handler.data,
      row: (row) => handler.file({ path: row.path, state: row.state as LogRead["state"], bytes: Number(row.bytes) }),
    },
    { deadline: 3_600_000, pace: handler.pace, ...options },
  );
}

export type FollowEvent = { event: "renamed" | "end" | "truncated"; position: number; inode: string };

/**
 * Follows one log file from an offset until `signal` or the file's end: `truncated`, or `renamed` (start following the
 * new file; this one is still read to its end) and then `end`. Resolves after the last event; throws when the link breaks.
 */
export async function followLog(
  conn: HostConnection,
  from: { path: string; inode: string; offset: number },
  handler: { data(bytes: Buffer): void; event(event: FollowEvent): void; pace?: () => Promise<void> | undefined },
  options?: CallOptions,
): Promise<void> {
  await conn.stream(
    "log-follow",
    { path: from.path, inode: from.inode, offset: String(from.offset) },
    [],
    {
      data: handler.data,
      row: (row) =>
        handler.event({
          event: row.event as FollowEvent["event"],
          position: Number(row.position),
          inode: row.inode,
        }),
    },
    { pace: handler.pace, ...options },
  );
}

/** Journal entries (mail facility) after a cursor, or since a time (ms), at most `limit`: JSON texts. */
export async function readJournal(
  conn: HostConnection,
  from: { cursor: string } | { since: number },
  limit: number,
  onEntry: (json: string) => void,
  options?: CallOptions & { pace?: () => Promise<void> | undefined },
): Promise<number> {
  const cursor = "cursor" in from ? from.cursor : "";
  const since = "since" in from ? String(Math.floor(from.since / 1000)) : "0";
  const handler = { json: (_: string, text: string) => onEntry(text) };
  const params = { cursor, since, length: String(limit) };
  return (await conn.stream("journal-read", params, [], handler, { deadline: 3_600_000, ...options })).rows;
}

/** Journal entries as they come, after the cursor ("" from now on), until `signal`. */
export async function followJournal(
  conn: HostConnection,
  cursor: string,
  onEntry: (json: string) => void,
  options?: CallOptions & { pace?: () => Promise<void> | undefined },
): Promise<void> {
  await conn.stream("journal-follow", { cursor }, [], { json: (_, text) => onEntry(text) }, options);
}
