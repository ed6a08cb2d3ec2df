import { makeTag, type Tag } from "./head";

/** One entry of `journalctl -o json`, as much of it as Sluice reads. */
export type JournalEntry = {
  at: number;
  tag: Tag;
  text: string;
  /** To go on from; `journalctl --after-cursor`. */
  cursor: string;
};

/**
 * One line of `journalctl -o json`. Undefined where it is no JSON object with a time and a message. MESSAGE is an array
 * of byte values where it holds bytes that are not printable (systemd's Journal JSON format).
 */
export function journalEntry(line: string): JournalEntry | undefined {
  let entry: Record<string, unknown>;
  try {
    const value: unknown = JSON.parse(line);
    if (typeof value !== "object" || value === null) return undefined;
    entry = value as Record<string, unknown>;
  } catch {
    return undefined;
  }
  const stamp = word(entry._SOURCE_REALTIME_TIMESTAMP) || word(entry.__REALTIME_TIMESTAMP);
  const text = message(entry.MESSAGE);
  const at = Math.floor(Number(stamp) / 1000);
  if (text === undefined || stamp === "" || Number.isNaN(at)) return undefined;
  const program = word(entry.SYSLOG_IDENTIFIER) || word(entry._COMM) || "unknown";
  const pid = word(entry.SYSLOG_PID) || word(entry._PID) || "0";
  const host = (word(entry._HOSTNAME) || "localhost").replaceAll(" ", "");
  const tag = makeTag(`${host} ${program.replaceAll(" ", "-")}[${pid}]`);
  if (tag === null) return undefined;
  return { at, tag, text, cursor: word(entry.__CURSOR) };
}

function message(value: unknown): string | undefined {
  if (typeof value === "string") return value;
  if (Array.isArray(value) && value.every((byte) => typeof byte === "number")) {
    return new TextDecoder().decode(Uint8Array.from(value as number[]));
  }
  return undefined;
}

/** A field's value; the first of them where the entry has it several times. */
function word(value: unknown): string {
  if (typeof value === "string") return value;
  if (Array.isArray(value) && typeof value[0] === "string") return value[0];
  return "";
}
