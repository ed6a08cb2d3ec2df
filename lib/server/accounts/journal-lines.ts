import "server-only";
import type { RawLine } from "../../api/common";
import type { HostConnection } from "../../remote/connection";
import { readJournal } from "../../remote/log-verbs";
import type { Position } from "../../store/events/positions";
import { timeOf } from "../collect/journal-source";

/** Entries read around each moment; more neighbours than this are not shown. */
const page = 1000;
/** Moments looked up for one answer: each is a call of journalctl. */
const lookups = 20;

/**
 * Journal entries behind positions, as lines. The journal has no offsets: an entry is found again by its millisecond,
 * so several of the same one are all shown as hits. `around` neighbours of each come from the minute before and after.
 */
export async function journalLines(
  conn: HostConnection,
  positions: readonly Position[],
  around: number,
): Promise<RawLine[]> {
  const wanted = [...positions].sort((a, b) => a.at - b.at);
  const lines: RawLine[] = [];
  for (let i = 0, calls = 0; i < wanted.length && calls < lookups; calls++) {
    const first = wanted[i] as Position;
    const entries: { at: number; text: string }[] = [];
    const since = first.at - (around > 0 ? 60_000 : 1000);
    await readJournal(conn, { since }, page, (json) => void entries.push({ at: timeOf(json), text: lineOf(json) }));
    const last = entries.at(-1)?.at ?? 0;
    const hits = new Set<number>();
    do hits.add(wanted[i++]?.at ?? 0);
    while (i < wanted.length && (wanted[i]?.at ?? 0) < last);
    const shown = new Set<number>();
    for (const [k, { at }] of entries.entries())
      if (hits.has(at)) for (let s = k - around; s <= k + around; s++) shown.add(s);
    for (const [k, { at, text }] of entries.entries())
      if (shown.has(k))
        lines.push({ file: "journal", offset: k, at: new Date(at).toISOString(), text, hit: hits.has(at) });
  }
  return lines;
}

/** An entry as journalctl's own short form shows it. */
function lineOf(json: string): string {
  try {
    const entry = JSON.parse(json) as Record<string, unknown>;
    const raw = entry.MESSAGE;
    const message = Array.isArray(raw) ? Buffer.from(raw as number[]).toString("utf8") : String(raw ?? "");
    const pid = entry.SYSLOG_PID ?? entry._PID;
    const time = new Date(timeOf(json)).toISOString();
    return `${time} ${entry._HOSTNAME ?? ""} ${entry.SYSLOG_IDENTIFIER ?? ""}${pid ? `[${pid}]` : ""}: ${message}`;
  } catch {
    return json;
  }
}
