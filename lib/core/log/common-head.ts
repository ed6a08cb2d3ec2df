import type { HeadReader, Tag } from "./head";
import { type Bytes, ByteTable } from "./intern";

/**
 * Heads in their two usual shapes (`Nov 28 05:37:39 host program[pid]: `, and the same with an RFC 3339 time with zone),
 * straight from bytes. What it answers is what {@link HeadReader} would; false means: ask that one.
 */
export class CommonHeads {
  at = 0;
  tag: Tag;
  /** Where the message begins. */
  text = 0;
  private readonly labels = new ByteTable<Tag>(10, 96);
  /** The bytes of the last time up to its seconds, and what they stand for. */
  private readonly stamp = new DataView(new ArrayBuffer(20));
  private stampLength = 0;
  private stampAt = 0;
  private zone = "";
  private monthBytes = 0;
  private month = -1;

  constructor(private readonly heads: HeadReader) {
    this.tag = heads.tag;
  }

  read(bytes: Bytes, start: number, end: number): boolean {
    if (end - start < 24) return false;
    const c = bytes.buffer[start] as number;
    let p: number;
    if (c >= 65 && c <= 90) p = this.traditional(bytes, start);
    else if (c === 50) p = this.rfc3339(bytes, start, end);
    else return false;
    return p > 0 && this.program(bytes, p, end);
  }

  private traditional({ buffer: bytes, view }: Bytes, start: number): number {
    if (bytes[start + 15] !== 32) return -1;
    const { clock } = this.heads;
    if (this.stampLength === 15 && clock.state === this.stampAt && this.same(view, start, 15)) {
      this.at = this.stampAt;
      return start + 16;
    }
    const name = ((bytes[start] as number) << 16) | ((bytes[start + 1] as number) << 8) | (bytes[start + 2] as number);
    if (name !== this.monthBytes) {
      const month = months.indexOf(bytes.toString("latin1", start, start + 3));
      if (month < 0) return -1;
      this.monthBytes = name;
      this.month = month;
    }
    const tens = bytes[start + 4] === 32 ? 0 : digit(bytes, start + 4);
    const date = tens * 10 + digit(bytes, start + 5);
    const hours = two(bytes, start + 7);
    const minutes = two(bytes, start + 10);
    const seconds = two(bytes, start + 13);
    if (bytes[start + 3] !== 32 || bytes[start + 6] !== 32 || bytes[start + 9] !== 58 || bytes[start + 12] !== 58)
      return -1;
    if (!(date >= 0 && hours >= 0 && minutes >= 0 && seconds >= 0) || hours > 23 || minutes > 59 || seconds > 60)
      return -1;
    const at = clock.at(this.month, date, hours, minutes, seconds);
    if (Number.isNaN(at)) return -1;
    this.keep(bytes, start, 15, at);
    this.at = at;
    return start + 16;
  }

  /** `2026-11-28T05:37:39.123456+01:00 `: the seconds of the line before are known; others are the other reader's. */
  private rfc3339({ buffer: bytes, view }: Bytes, start: number, end: number): number {
    if (this.stampLength !== 19 || !this.same(view, start, 19)) return this.newSecond(bytes, start, end);
    let p = start + 19;
    let fraction = 0;
    if (bytes[p] === 46) {
      p++;
      let scale = 100;
      for (let d = digit(bytes, p); d >= 0; d = digit(bytes, p)) {
        fraction += d * scale;
        scale = scale === 100 ? 10 : scale === 10 ? 1 : 0;
        p++;
      }
    }
    if (!startsWith(bytes, p, this.zone)) return this.newSecond(bytes, start, end);
    this.at = this.stampAt + fraction;
    this.heads.clock.saw(this.at);
    return p + this.zone.length;
  }

  private newSecond(bytes: Buffer, start: number, end: number): number {
    if (bytes[start + 10] !== 84) return -1;
    let p = start + 19;
    if (bytes[p] === 46) while (digit(bytes, ++p) >= 0);
    const space = bytes.indexOf(32, p);
    if (space < 0 || space >= end || space - p > 6 || space - p < 1) return -1;
    const zone = bytes.toString("latin1", p, space + 1);
    if (!/^(Z|[+-]\d\d:\d\d) $/.test(zone)) return -1;
    const at = this.heads.fullTime(bytes.toString("latin1", start, space + 1));
    if (Number.isNaN(at)) return -1;
    this.zone = zone;
    // Whole seconds: the fraction is each line's own.
    this.keep(bytes, start, 19, Math.floor(at / 1000) * 1000);
    this.at = at;
    return space + 1;
  }

  private keep(bytes: Uint8Array, start: number, length: number, at: number): void {
    for (let i = 0; i < length; i++) this.stamp.setUint8(i, bytes[start + i] as number);
    this.stampLength = length;
    this.stampAt = at;
  }

  private same(bytes: DataView, start: number, length: number): boolean {
    const { stamp } = this;
    // The last four bytes, the seconds among them, differ first.
    if (bytes.getInt32(start + length - 4, true) !== stamp.getInt32(length - 4, true)) return false;
    for (let i = 0; i < length - 4; i += 4)
      if (bytes.getInt32(start + i, true) !== stamp.getInt32(i, true)) return false;
    return true;
  }

  private program({ buffer, view }: Bytes, from: number, end: number): boolean {
    const colon = buffer.indexOf(58, from);
    if (colon < 0 || colon >= end || buffer[colon + 1] !== 32) return false;
    let tag = this.labels.get(view, from, colon);
    if (tag === undefined) {
      tag = this.heads.tags.get(buffer.toString("latin1", from, colon));
      // The other reader meets each label first.
      if (tag === undefined || !tag.postfix) return false;
      this.labels.set(view, from, colon, tag);
    }
    this.tag = tag;
    this.text = colon + 2;
    return buffer[colon + 2] !== 91;
  }
}

const months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

function digit(bytes: Uint8Array, at: number): number {
  const d = (bytes[at] as number) - 48;
  return d >= 0 && d <= 9 ? d : Number.NEGATIVE_INFINITY;
}

function two(bytes: Uint8Array, at: number): number {
  return digit(bytes, at) * 10 + digit(bytes, at + 1);
}

function startsWith(bytes: Uint8Array, start: number, text: string): boolean {
  for (let i = 0; i < text.length; i++) if (bytes[start + i] !== text.charCodeAt(i)) return false;
  return true;
}
