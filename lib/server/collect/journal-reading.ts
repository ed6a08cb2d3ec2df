import "server-only";
import type { JournalLog } from "./log-source";

/** Entries asked for at a time. */
const page = 20_000;

export type JournalWork = {
  journal: JournalLog;
  /** Hands bytes to the piece's reader. */
  feed(bytes: Uint8Array): Promise<void>;
  /** The cursor of the piece's last entry; "" before any. */
  cursor(): Promise<string>;
  signal: AbortSignal;
};

/** Reads entries on from the piece's cursor, or from `since` (ms), up to `until` (ms) or to the newest. */
export async function readOn(work: JournalWork, since: number, until: number | null): Promise<void> {
  for (;;) {
    const cursor = await work.cursor();
    const from = cursor ? { cursor } : { since };
    const { more } = await work.journal.read(from, page, until, work.feed, work.signal);
    if (!more || work.signal.aborted) return;
  }
}

/** Follows the journal for good. While it is empty there is no cursor to follow from: it is asked again and again. */
export async function followOn(work: JournalWork, since: number, sleep: (ms: number) => Promise<void>): Promise<void> {
  while (!work.signal.aborted) {
    await readOn(work, since, null);
    const cursor = await work.cursor();
    if (cursor) await work.journal.follow(cursor, work.feed, work.signal);
    await sleep(500);
  }
}
