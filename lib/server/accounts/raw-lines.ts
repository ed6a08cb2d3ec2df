import "server-only";
import type { RawLine } from "../../api/common";
import { readLogs } from "../../remote/log-verbs";
import type { Position } from "../../store/events/positions";
import { collectorOf } from "../collect/collectors";
import { journalPath } from "../collect/host-collector";
import { findFile } from "../collect/log-files";
import { host } from "../hosts/registry";
import { journalLines } from "./journal-lines";

/** A line is rarely longer; with neighbours the range grows by this for each. */
const lineBytes = 400;
/** Ranges nearer to each other than this are read as one. */
const gap = 4096;
/** A line longer than this is shown cut. */
const longest = 8192;

type Range = { from: number; to: number; hits: Map<number, number> };

/**
 * The raw lines at these places of the log, with `around` lines before and after each, read from the host's own files
 * and in the files' order. Lines that the host no longer has are left out.
 */
export async function linesAt(hostId: string, positions: readonly Position[], around: number): Promise<RawLine[]> {
  if (positions.length === 0) return [];
  const conn = host(hostId).conn;
  const collector = collectorOf(hostId);
  if (collector.known.some((file) => file.path === journalPath)) return journalLines(conn, positions, around);
  const list = await collector.list();
  const byFile = new Map<number, Position[]>();
  for (const position of positions) {
    const of = byFile.get(position.file);
    if (of) of.push(position);
    else byFile.set(position.file, [position]);
  }
  const found: RawLine[] = [];
  const oldestFirst = [...byFile].sort((a, b) => (a[1][0]?.at ?? 0) - (b[1][0]?.at ?? 0));
  for (const [n, wanted] of oldestFirst) {
    const known = collector.known.find((file) => file.n === n);
    const listed = known ? findFile(known, list) : null;
    if (!listed) continue;
    const ranges = rangesOf(wanted, around);
    const parts: Buffer[][] = [[]];
    await readLogs(
      conn,
      ranges.map(({ from, to }) => ({ path: listed.path, inode: listed.inode, offset: from, length: to - from })),
      { data: (bytes) => parts.at(-1)?.push(Buffer.from(bytes)), file: () => void parts.push([]) },
      { deadline: 60_000, cap: 64 * 1024 * 1024 },
    );
    for (const [i, range] of ranges.entries())
      found.push(...linesIn(Buffer.concat(parts[i] ?? []), range, around, listed.path));
  }
  return found;
}

function rangesOf(positions: readonly Position[], around: number): Range[] {
  const margin = around * lineBytes;
  const ranges: Range[] = [];
  for (const { offset, at } of [...positions].sort((a, b) => a.offset - b.offset)) {
    // One byte before: the newline that ends the line before tells that a line begins here.
    const from = Math.max(0, offset - margin - 1);
    const to = offset + margin + longest;
    const last = ranges.at(-1);
    if (last && from <= last.to + gap) {
      last.to = Math.max(last.to, to);
      last.hits.set(offset, at);
    } else ranges.push({ from, to, hits: new Map([[offset, at]]) });
  }
  return ranges;
}

/** Whole lines of a range: the hits, and up to `around` neighbours of each. */
export function linesIn(bytes: Buffer, range: Range, around: number, file: string): RawLine[] {
  const lines: { offset: number; text: string }[] = [];
  // A range that does not begin the file begins inside a line: that piece is none.
  let start = range.from === 0 ? 0 : bytes.indexOf(10) + 1;
  if (start === 0 && range.from > 0) return [];
  while (start < bytes.length) {
    let end = bytes.indexOf(10, start);
    if (end < 0) end = bytes.length;
    lines.push({
      offset: range.from + start,
      text: bytes.subarray(start, Math.min(end, start + longest)).toString("utf8"),
    });
    start = end + 1;
  }
  const shown = new Set<number>();
  for (const [i, line] of lines.entries())
    if (range.hits.has(line.offset))
      for (let k = Math.max(0, i - around); k <= Math.min(lines.length - 1, i + around); k++) shown.add(k);
  return [...shown]
    .sort((a, b) => a - b)
    .map((i) => {
      const line = lines[i] as { offset: number; text: string };
      const at = range.hits.get(line.offset);
      return {
        file,
        offset: line.offset,
        at: at === undefined ? null : new Date(at).toISOString(),
        text: line.text,
        hit: at !== undefined,
      };
    });
}
