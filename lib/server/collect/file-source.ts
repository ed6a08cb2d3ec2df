import "server-only";
import { createHash } from "node:crypto";
import { closeSync, fstatSync, openSync, readdirSync, readFileSync, readSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { gunzipSync } from "node:zlib";
import type { ListedFile, LogSource } from "./log-source";

const pause = (ms: number) => new Promise((done) => setTimeout(done, ms));

/** A log on this machine's disk, for tests: the same as remoteSource without SSH. */
export function fileSource(path: string): LogSource {
  const text = (file: string) => (file.endsWith(".gz") ? gunzipSync(readFileSync(file)) : readFileSync(file));
  return {
    async list() {
      const folder = dirname(path);
      return readdirSync(folder)
        .map((name) => join(folder, name))
        .filter((file) => file === path || file.startsWith(`${path}.`) || file.startsWith(`${path}-`))
        .map((file): ListedFile => {
          const stat = statSync(file);
          const head = text(file).subarray(0, 256);
          return {
            path: file,
            inode: String(stat.ino),
            size: stat.size,
            mtime: stat.mtimeMs,
            compression: file.endsWith(".gz") ? "gz" : "none",
            headBytes: head.length,
            head: createHash("sha256").update(head).digest("hex"),
            readable: true,
            current: file === path,
          };
        });
    },
    async read(file, offset, length, take) {
      const whole = text(file.path);
      const bytes = whole.subarray(offset, length > 0 ? offset + length : undefined);
      for (let at = 0; at < bytes.length; at += 65_536) await take(bytes.subarray(at, at + 65_536));
      return { state: "ok", bytes: bytes.length };
    },
    async peek(file, offsets, length) {
      const whole = text(file.path);
      return offsets.map((offset) => whole.subarray(offset, offset + length));
    },
    async follow(file, offset, take, signal) {
      const fd = openSync(file.path, "r");
      try {
        let at = offset;
        for (;;) {
          if (signal.aborted) throw new Error("aborted");
          const { size, ino } = fstatSync(fd);
          if (size < at) return "truncated";
          if (size > at) {
            const bytes = Buffer.alloc(Math.min(65_536, size - at));
            const got = readSync(fd, bytes, 0, bytes.length, at);
            at += got;
            await take(bytes.subarray(0, got));
            continue;
          }
          let stands: number | null = null;
          try {
            stands = statSync(file.path).ino;
          } catch {}
          if (stands !== null && stands !== ino && fstatSync(fd).size === at) return "renamed";
          await pause(10);
        }
      } finally {
        closeSync(fd);
      }
    },
  };
}
