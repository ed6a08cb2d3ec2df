import "server-only";
import type { ListedFile } from "./log-source";
import type { LogFile } from "./protocol";

/** First bytes that make a file known again wherever rotation put it, compressed or not. */
const fullHead = 256;

/**
 * Whether a listed file is the generation that was known before. The first 256 bytes decide; where the known file was
 * shorter, the inode does (rotation by copy makes another inode, but then the copy is at least as long).
 */
export function sameFile(known: LogFile, listed: ListedFile): boolean {
  if (known.headBytes >= fullHead && listed.headBytes >= fullHead) return known.head === listed.head;
  if (known.headBytes === listed.headBytes && known.headBytes > 0) return known.head === listed.head;
  return known.inode === listed.inode && listed.headBytes >= known.headBytes;
}

/** The listed file of a generation; the uncompressed one first, as it can be read from any place. */
export function findFile(known: LogFile, list: readonly ListedFile[]): ListedFile | null {
  const found = list.filter((listed) => sameFile(known, listed));
  return found.find((listed) => listed.compression === "none") ?? found[0] ?? null;
}

/**
 * Rotations by their last change, the newest first. Some compressors keep the second of it only, so within a second the
 * names decide where they can: `.1` is newer than `.2`, and `-20261128` than `-20261127`.
 */
function byAge(a: ListedFile, b: ListedFile): number {
  const seconds = Math.floor(b.mtime / 1000) - Math.floor(a.mtime / 1000);
  if (seconds !== 0) return seconds;
  const [one, other] = [suffix(a), suffix(b)];
  if (isDate(one) !== isDate(other)) return b.mtime - a.mtime;
  return isDate(one) ? other - one : one - other;
}
const suffix = ({ path }: ListedFile) => Number(/[.-](\d+)(?:\.[a-z]\w*)?$/.exec(path)?.[1] ?? 0);
const isDate = (n: number) => n > 10_000_000;

/** Newest first: the current one, then rotations by their last change. Copies of one generation are one. */
export function newestFirst(list: readonly ListedFile[]): ListedFile[] {
  const sorted = list
    .filter((file) => file.readable && (file.headBytes > 0 || file.current))
    .sort((a, b) => Number(b.current) - Number(a.current) || byAge(a, b));
  const kept: ListedFile[] = [];
  for (const file of sorted) {
    const twin = kept.findIndex((other) => other.headBytes >= fullHead && other.head === file.head);
    if (twin < 0) kept.push(file);
    else if (kept[twin]?.compression !== "none" && file.compression === "none") kept[twin] = file;
  }
  return kept;
}
