import type { Clock } from "./clock";

/** Who wrote a line. One object for each process. */
export type Tag = {
  /** One process of one host. */
  readonly key: string;
  readonly host: string;
  /** As logged, without host and pid: `postfix/submission/smtpd`, `dovecot`. */
  readonly program: string;
  /** `postfix`, `postfix-out`; "" for other programs. */
  readonly instance: string;
  /** `smtpd`, `submission/smtpd`: what follows the instance. */
  readonly service: string;
  /** The last word of the service: `smtpd`. */
  readonly daemon: string;
  readonly pid: number;
  readonly postfix: boolean;
};

export type Head = { at: number; tag: Tag /** Where the message begins. */; text: number };

const months = new Map(
  ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"].map((name, i) => [name, i]),
);
const maxTags = 20_000;

/**
 * Reads what stands before the message: time, host, program, pid. One object for all lines; `at`, `tag` and `text`
 * hold the last line's values.
 */
export class HeadReader {
  at = Number.NaN;
  tag: Tag = noTag;
  text = 0;
  readonly tags = new Map<string, Tag>();
  private dayKey = -1;
  private dayBase = 0;
  private monthText = "";
  private month = 0;

  constructor(public clock: Clock) {}

  /** False where the line has no time or no program. */
  read(line: string): boolean {
    let p = this.time(line, 0);
    if (p < 0) p = this.oddTime(line);
    if (p < 0) return false;
    return this.program(line, p);
  }

  /** A whole RFC 3339 time with its space; NaN where it is none. */
  fullTime(text: string): number {
    return this.rfc3339(text, 0) === text.length ? this.at : Number.NaN;
  }

  /** Reads a time at `from` into `at`; the index after it and its space, or -1. */
  private time(line: string, from: number): number {
    const c = line.charCodeAt(from);
    if (c >= 65 && c <= 90) return this.traditional(line, from);
    if (c >= 48 && c <= 57) return this.rfc3339(line, from);
    return -1;
  }

  /** `Nov 28 05:37:39 `; the day may be ` 8`, `08` or `8`. */
  private traditional(line: string, from: number): number {
    const c1 = line.charCodeAt(from + 3);
    if (c1 !== 32) return -1;
    const name = line.slice(from, from + 3);
    if (name !== this.monthText) {
      const month = months.get(name);
      if (month === undefined) return -1;
      this.monthText = name;
      this.month = month;
    }
    let p = from + 4;
    if (line.charCodeAt(p) === 32) p++;
    let date = digit(line, p);
    if (date < 0) return -1;
    p++;
    const d2 = digit(line, p);
    if (d2 >= 0) {
      date = date * 10 + d2;
      p++;
    }
    if (line.charCodeAt(p) !== 32) return -1;
    p++;
    if (line.charCodeAt(p + 2) !== 58 || line.charCodeAt(p + 5) !== 58) return -1;
    const hours = two(line, p);
    const minutes = two(line, p + 3);
    const seconds = two(line, p + 6);
    if (hours < 0 || minutes < 0 || seconds < 0 || hours > 23 || minutes > 59 || seconds > 60) return -1;
    const at = this.clock.at(this.month, date, hours, minutes, seconds);
    if (Number.isNaN(at)) return -1;
    p += 8;
    // Some daemons add fractions here too.
    if (line.charCodeAt(p) === 46) {
      p++;
      const start = p;
      while (digit(line, p) >= 0) p++;
      this.at = at + milliseconds(line, start, p);
    } else this.at = at;
    return line.charCodeAt(p) === 32 ? p + 1 : -1;
  }

  /** `2026-11-28T05:37:39.123456+01:00 `, also with a space for the T and without a zone (then the host's). */
  private rfc3339(line: string, from: number): number {
    if (line.charCodeAt(from + 4) !== 45 || line.charCodeAt(from + 7) !== 45) return -1;
    const t = line.charCodeAt(from + 10);
    if ((t !== 84 && t !== 32 && t !== 116) || line.charCodeAt(from + 13) !== 58) return -1;
    const year = two(line, from) * 100 + two(line, from + 2);
    const month = two(line, from + 5);
    const date = two(line, from + 8);
    const hours = two(line, from + 11);
    const minutes = two(line, from + 14);
    const seconds = two(line, from + 17);
    if (year < 1000 || month < 1 || month > 12 || date < 1 || date > 31) return -1;
    if (hours < 0 || minutes < 0 || seconds < 0) return -1;
    const key = (year * 16 + month) * 32 + date;
    if (key !== this.dayKey) {
      this.dayKey = key;
      this.dayBase = Date.UTC(year, month - 1, date);
    }
    let at = this.dayBase + ((hours * 60 + minutes) * 60 + seconds) * 1000;
    let p = from + 19;
    const dot = line.charCodeAt(p);
    if (dot === 46 || dot === 44) {
      p++;
      const start = p;
      while (digit(line, p) >= 0) p++;
      at += milliseconds(line, start, p);
    }
    const zone = line.charCodeAt(p);
    if (zone === 43 || zone === 45) {
      const zoneHours = two(line, p + 1);
      const colon = line.charCodeAt(p + 3) === 58 ? 1 : 0;
      const zoneMinutes = two(line, p + 3 + colon);
      if (zoneHours < 0 || zoneMinutes < 0) return -1;
      at -= (zone === 43 ? 1 : -1) * (zoneHours * 60 + zoneMinutes) * 60_000;
      p += 5 + colon;
      this.clock.saw(at);
    } else if (zone === 90 || zone === 122) {
      p++;
      this.clock.saw(at);
    } else {
      this.clock.saw(at);
      const wall = this.clock.at(month - 1, date, hours, minutes, seconds);
      if (Number.isNaN(wall)) return -1;
      at = wall + (at % 1000);
    }
    this.at = at;
    return line.charCodeAt(p) === 32 ? p + 1 : -1;
  }

  /** `<22>`, `<22>1 `, `name | `, `@` TAI64N, and a container's own clock before the line's. */
  private oddTime(line: string): number {
    const c = line.charCodeAt(0);
    if (c === 64) return this.tai64n(line);
    let from = 0;
    if (c === 60) {
      const close = line.indexOf(">");
      if (close < 2 || close > 4) return -1;
      from = close + 1;
      if (line.charCodeAt(from) === 49 && line.charCodeAt(from + 1) === 32) return this.rfc5424(line, from + 2);
      return this.time(line, from);
    }
    const bar = line.indexOf("| ");
    if (bar < 0 || bar > 80) return -1;
    from = bar + 2;
    return this.time(line, from);
  }

  private rfc5424(line: string, from: number): number {
    const p = this.rfc3339(line, from);
    return p < 0 ? -1 : p;
  }

  private tai64n(line: string): number {
    if (line.length < 26 || line.charCodeAt(25) !== 32) return -1;
    const high = Number.parseInt(line.slice(1, 9), 16);
    const low = Number.parseInt(line.slice(9, 17), 16);
    if (high !== 0x40000000 || Number.isNaN(low)) return -1;
    // The label counts TAI seconds from 1970 with 10 s at the start; leap seconds since then are left aside.
    this.at = (low - 10) * 1000;
    return 26;
  }

  private program(line: string, start: number): boolean {
    let from = start;
    const first = line.charCodeAt(from);
    // A container's clock, then the line's own; or the runtime's `stdout F `.
    if (first === 115 && (line.startsWith("stdout ", from) || line.startsWith("stderr ", from))) from += 9;
    if (first >= 65 && first <= 90 && line.charCodeAt(from + 3) === 32) {
      const at = this.at;
      const p = this.traditional(line, from);
      this.at = at;
      if (p > 0) from = p;
    }
    let colon = line.indexOf(": ", from);
    if (colon < 0) {
      if (line.charCodeAt(line.length - 1) !== 58) return this.tagless(line, from);
      colon = line.length - 1;
    }
    const label = line.slice(from, colon);
    let tag = this.tags.get(label);
    if (tag === undefined) {
      const made = colon - from > 300 ? null : makeTag(label);
      if (made === null) return this.tagless(line, from);
      if (this.tags.size >= maxTags) this.dropOldTags();
      tag = made;
      this.tags.set(own(label), made);
    }
    this.tag = tag;
    let text = colon + 2;
    if (line.charCodeAt(text) === 91 && line.startsWith("[ID ", text)) {
      const close = line.indexOf("] ", text);
      if (close > 0) text = close + 2;
    }
    this.text = text;
    return true;
  }

  /** Lines with a host and no program: `last message repeated 3 times`, or RFC 5424 with its fields. */
  private tagless(line: string, from: number): boolean {
    const space = line.indexOf(" ", from);
    if (space < 0) return false;
    if (line.startsWith("last message repeated ", space + 1)) {
      this.tag = noTag;
      this.text = space + 1;
      return true;
    }
    return this.structured(line, from, space);
  }

  private structured(line: string, from: number, hostEnd: number): boolean {
    if (line.charCodeAt(0) !== 60) return false;
    const programEnd = line.indexOf(" ", hostEnd + 1);
    const pidEnd = line.indexOf(" ", programEnd + 1);
    const idEnd = line.indexOf(" ", pidEnd + 1);
    if (programEnd < 0 || pidEnd < 0 || idEnd < 0) return false;
    const label = `${line.slice(from, programEnd)}[${line.slice(programEnd + 1, pidEnd)}]`;
    const tag = this.tags.get(label) ?? makeTag(label);
    if (tag === null) return false;
    this.tags.set(label, tag);
    let text = idEnd + 1;
    if (line.charCodeAt(text) === 45) text += 2;
    else {
      const close = line.indexOf("] ", text);
      if (close < 0) return false;
      text = close + 2;
    }
    this.tag = tag;
    this.text = text;
    return true;
  }

  private dropOldTags(): void {
    let left = maxTags / 2;
    for (const label of this.tags.keys()) {
      if (left-- <= 0) break;
      this.tags.delete(label);
    }
  }
}

const noTag: Tag = { key: "", host: "", program: "", instance: "", service: "", daemon: "", pid: 0, postfix: false };

/** From `host postfix/smtpd[123]`, `host mail.info postfix/smtpd[123]`, `imap-login` (no host); null for prose. */
export function makeTag(label: string): Tag | null {
  const words = label.split(" ");
  let host = "";
  let program: string;
  if (words.length === 1) program = words[0] ?? "";
  else if (words.length === 2) {
    host = words[0] ?? "";
    program = words[1] ?? "";
  } else if (words.length === 3 && (words[1] ?? "").includes(".")) {
    host = words[0] ?? "";
    program = words[2] ?? "";
  } else return null;
  let pid = 0;
  const bracket = program.lastIndexOf("[");
  if (program.endsWith("]") && bracket > 0) {
    const digits = program.slice(bracket + 1, -1);
    pid = Number(digits);
    if (digits === "" || !Number.isInteger(pid)) return null;
    program = program.slice(0, bracket);
  }
  if (program === "" || program.includes("=")) return null;
  if (program.includes("<") && !program.startsWith("auth(")) return null;
  const slash = program.indexOf("/");
  const instance = slash < 0 ? "" : program.slice(0, slash);
  const service = slash < 0 ? program : program.slice(slash + 1);
  const daemon = service.slice(service.lastIndexOf("/") + 1);
  const postfix = slash > 0 && (instance.startsWith("postfix") || daemons.has(daemon)) && !foreign.has(instance);
  return {
    key: `${host} ${program}[${pid}]`,
    host: own(host),
    program: own(program),
    instance: own(postfix ? instance : ""),
    service: own(service),
    daemon: own(daemon),
    pid,
    postfix,
  };
}

/** Daemons that mark a program as Postfix whatever `syslog_name` calls the instance. */
const daemons = new Set([
  "smtpd",
  "cleanup",
  "qmgr",
  "oqmgr",
  "nqmgr",
  "smtp",
  "lmtp",
  "local",
  "virtual",
  "pipe",
  "error",
  "retry",
  "discard",
  "bounce",
  "defer",
  "trace",
  "pickup",
  "postsuper",
  "sluice",
  "postscreen",
  "dnsblog",
  "anvil",
  "scache",
  "verify",
  "tlsproxy",
  "tlsmgr",
  "postlogd",
  "trivial-rewrite",
  "rewrite",
  "master",
  "postfix-script",
  "proxymap",
  "flush",
  "showq",
  "qmqpd",
  "spawn",
  "sendmail",
  "postdrop",
  "postqueue",
]);
const foreign = new Set(["cyrus", "dovecot", "opendkim", "amavis"]);

/** A copy that does not keep the chunk alive that the text was cut from. */
export function own(text: string): string {
  return text.length < 13 ? text : ` ${text}`.slice(1);
}

function digit(line: string, at: number): number {
  const d = line.charCodeAt(at) - 48;
  return d >= 0 && d <= 9 ? d : -1;
}

function two(line: string, at: number): number {
  const high = line.charCodeAt(at) - 48;
  const low = line.charCodeAt(at + 1) - 48;
  return high >= 0 && high <= 9 && low >= 0 && low <= 9 ? high * 10 + low : Number.NEGATIVE_INFINITY;
}

function milliseconds(line: string, start: number, end: number): number {
  let value = 0;
  let scale = 100;
  for (let p = start; p < end && scale >= 1; p++) {
    value += (line.charCodeAt(p) - 48) * scale;
    scale /= 10;
  }
  return Math.floor(value);
}
