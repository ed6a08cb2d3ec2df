import "server-only";
import { Clock, fixedZone, namedZone } from "../../core/log/clock";
import { HeadReader } from "../../core/log/head";
import type { LogSource } from "./log-source";
import type { ReaderOptions } from "./protocol";

/** Places looked at in one round trip. The first round's lie ever closer to the end: what is looked for is near it. */
const probes = 15;
const peekBytes = 16 * 1024;
/** Closer than this is close enough: it is read in less time than another round trip takes. */
const near = 1024 * 1024;

/**
 * Where the lines of `since` (ms) or later begin in a file, to within 1 MiB and never too late, at the beginning of a
 * line. Lines stand in the order of time but for a few seconds.
 */
export async function bisect(
  source: LogSource,
  file: { path: string; inode: string; size: number },
  since: number,
  options: ReaderOptions,
): Promise<number> {
  let low = 0;
  let high = file.size;
  for (let round = 0; high - low > near; round++) {
    const size = high - low;
    const offsets = Array.from({ length: probes }, (_, i) =>
      Math.floor(round === 0 ? high - size / 2 ** (i + 1) : low + (size / (probes + 1)) * (i + 1)),
    );
    const seen = await source.peek(file, offsets, peekBytes);
    let nextLow = low;
    let nextHigh = high;
    for (const [i, bytes] of seen.entries()) {
      const line = firstLine(bytes, options);
      if (!line) continue;
      const offset = (offsets[i] as number) + line.start;
      if (line.at < since) nextLow = Math.max(nextLow, offset);
      else nextHigh = Math.min(nextHigh, offset);
    }
    if (nextLow >= nextHigh || (nextLow === low && nextHigh === high)) break;
    low = nextLow;
    high = nextHigh;
  }
  return low;
}

/** The first whole line after a newline that has a time. */
function firstLine(bytes: Uint8Array, options: ReaderOptions): { at: number; start: number } | null {
  const text = Buffer.from(bytes).toString("latin1");
  const zone = options.zone ? namedZone(options.zone) : fixedZone(options.zoneMinutes);
  const heads = new HeadReader(new Clock(zone, options.writtenAt));
  let start = text.indexOf("\n") + 1;
  while (start > 0) {
    const end = text.indexOf("\n", start);
    if (end < 0) return null;
    if (heads.read(text.slice(start, end))) return { at: heads.at, start };
    start = end + 1;
  }
  return null;
}
