/**
 * Values by bytes, in a table of fixed size: a key that meets another in its place takes it. Keys are hashed and compared
 * four bytes at a time; one that is longer than `width` is never found.
 */
export class ByteTable<T> {
  private readonly keys: DataView;
  private readonly lengths: Int32Array;
  private readonly values: (T | undefined)[];
  private readonly mask: number;

  /** @param bits The table has 2^bits places. */
  constructor(
    bits: number,
    private readonly width: number,
  ) {
    this.keys = new DataView(new ArrayBuffer(width << bits));
    this.lengths = new Int32Array(1 << bits);
    this.values = new Array<T | undefined>(1 << bits).fill(undefined);
    this.mask = (1 << bits) - 1;
  }

  private place = 0;

  /** The value of the bytes from `start` to before `end`; undefined where there is none. */
  get(bytes: DataView, start: number, end: number): T | undefined {
    const length = end - start;
    if (length > this.width) return undefined;
    const last = end - 3;
    let hash = length;
    let p = start;
    for (; p < last; p += 4) hash = Math.imul(hash ^ (hash >>> 15) ^ bytes.getInt32(p, true), 0x2c1b3c6d);
    for (; p < end; p++) hash = Math.imul(hash ^ (hash >>> 15) ^ bytes.getUint8(p), 0x2c1b3c6d);
    const place = (hash ^ (hash >>> 16)) & this.mask;
    this.place = place;
    if (this.lengths[place] !== length) return undefined;
    const { keys } = this;
    let k = place * this.width;
    for (p = start; p < last; p += 4, k += 4) if (keys.getInt32(k, true) !== bytes.getInt32(p, true)) return undefined;
    for (; p < end; p++, k++) if (keys.getUint8(k) !== bytes.getUint8(p)) return undefined;
    return this.values[place];
  }

  /** Of the bytes that {@link get} did not find just now. */
  set(bytes: DataView, start: number, end: number, value: T): void {
    const length = end - start;
    if (length > this.width) return;
    const at = this.place * this.width;
    for (let i = 0; i < length; i++) this.keys.setUint8(at + i, bytes.getUint8(start + i));
    this.lengths[this.place] = length;
    this.values[this.place] = value;
  }
}

/** Bytes as they are read: the same memory twice. */
export type Bytes = { buffer: Buffer; view: DataView };

/**
 * Texts that come again and again (logins, relays, queue ids), made from bytes once. A text that is found again costs no
 * allocation, and as it is the same object, a Map that holds it finds it without hashing it anew.
 */
export class Interner {
  private readonly table: ByteTable<string>;

  constructor(bits: number, width: number) {
    this.table = new ByteTable(bits, width);
  }

  /** The bytes from `start` to before `end` as text; each must be below 0x80. */
  get({ buffer, view }: Bytes, start: number, end: number): string {
    if (start === end) return "";
    const found = this.table.get(view, start, end);
    if (found !== undefined) return found;
    const text = buffer.toString("latin1", start, end);
    this.table.set(view, start, end, text);
    return text;
  }
}

/** Whether the bytes are exactly this text. */
export function isText(bytes: Uint8Array, start: number, end: number, text: string): boolean {
  return text.length === end - start && textAt(bytes, start, end, text);
}

/** Whether the text stands at `start`, and ends before `end`. */
export function textAt(bytes: Uint8Array, start: number, end: number, text: string): boolean {
  if (start + text.length > end) return false;
  for (let i = 0; i < text.length; i++) if (bytes[start + i] !== text.charCodeAt(i)) return false;
  return true;
}
