import { createHash } from "node:crypto";

export type LogPart = { path: string; inode: number; size: number; mtime: number };
const base = "/var/log/mail.log";
/** A file longer than this is rotated by renaming; one old one is kept. Two of them are what the demo's log may take. */
const longest = 16 * 1024 * 1024;

/** One generation of a log file in memory, as pieces that are never changed. */
class Generation {
  size = 0;
  mtime = 0;
  private readonly pieces: { at: number; bytes: Buffer }[] = [];
  private open: string[] = [];
  private openBytes = 0;
  constructor(readonly inode: number) {}

  append(line: string, at: number): void {
    this.open.push(line);
    const bytes = Buffer.byteLength(line);
    this.openBytes += bytes;
    this.size += bytes;
    this.mtime = at;
    if (this.openBytes > 256 * 1024) this.close();
  }
  private close(): void {
    if (this.openBytes === 0) return;
    this.pieces.push({ at: this.size - this.openBytes, bytes: Buffer.from(this.open.join("")) });
    this.open = [];
    this.openBytes = 0;
  }
  read(offset: number, length: number): Buffer {
    this.close();
    const end = Math.min(this.size, length === 0 ? this.size : offset + length);
    const found = this.pieces.filter((piece) => piece.at < end && piece.at + piece.bytes.length > offset);
    return Buffer.concat(found.map(({ at, bytes }) => bytes.subarray(Math.max(0, offset - at), Math.max(0, end - at))));
  }
}

/** The demo host's mail.log and its last rotation. */
export class DemoLog {
  private nextInode = 2_154_700;
  private now = new Generation(this.nextInode++);
  private old: Generation | null = null;
  private readonly listeners = new Set<() => void>();

  append(line: string, at: number): void {
    if (this.now.size > longest) {
      this.old = this.now;
      this.now = new Generation(this.nextInode++);
    }
    this.now.append(`${line}\n`, at);
  }
  /** Tells those who follow; once for many lines. */
  flush(): void {
    for (const listener of this.listeners) listener();
  }
  onFlush(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }
  files(): (LogPart & { head: Buffer })[] {
    const part = (path: string, generation: Generation) => ({
      path,
      inode: generation.inode,
      size: generation.size,
      mtime: generation.mtime,
      head: generation.read(0, Math.min(256, Math.max(1, generation.size))),
    });
    return [part(base, this.now), ...(this.old ? [part(`${base}.1`, this.old)] : [])];
  }
  /** A file by its inode, wherever it now stands; null where it is gone. */
  byInode(inode: number): { path: string; size: number; read: (offset: number, length: number) => Buffer } | null {
    const found = [this.now, this.old].find((generation) => generation?.inode === inode);
    if (!found) return null;
    return {
      path: found === this.now ? base : `${base}.1`,
      size: found.size,
      read: (offset, length) => found.read(offset, length),
    };
  }
  get currentInode(): number {
    return this.now.inode;
  }
}

export const sha256 = (bytes: Buffer | string) => createHash("sha256").update(bytes).digest("hex");
export const logBase = base;
