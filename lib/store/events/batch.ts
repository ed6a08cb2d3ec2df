import "server-only";
import { hashInto } from "./hash";
import type { Column } from "./tables";

/** Rows that are gathered, and sorted, before they go over. */
export const batchRows = 32_768;
const firstRows = 256;

/** Hashes of names, low and high word by turns; slot 0 is "none". Grows, so it is held by what owns it. */
export type NameHashes = { words: Int32Array };

/** Rows of one table, column by column: integers as low and high words by turns, as DuckDB's vectors take them. */
export class Batch {
  readonly integers: (Int32Array | null)[];
  readonly texts: (string[] | null)[];
  /** By what the rows are sorted: a small number for each account, 0 for none. */
  keys = new Int32Array(firstRows);
  count = 0;
  private capacity = firstRows;
  private column = 0;
  private highestKey = 0;

  constructor(
    columns: readonly Column[],
    private readonly names: NameHashes,
  ) {
    this.integers = columns.map((column) => (column.text ? null : new Int32Array(firstRows * 2)));
    this.texts = columns.map((column) => (column.text ? [] : null));
  }

  get full(): boolean {
    return this.count === batchRows;
  }

  /** Begins a row. */
  begin(): this {
    if (this.count === this.capacity) this.grow();
    this.column = 0;
    this.keys[this.count] = 0;
    return this;
  }

  private grow(): void {
    this.capacity = Math.min(batchRows, this.capacity * 4);
    const larger = (from: Int32Array, size: number) => {
      const to = new Int32Array(size);
      to.set(from);
      return to;
    };
    this.keys = larger(this.keys, this.capacity);
    for (const [i, words] of this.integers.entries()) if (words) this.integers[i] = larger(words, this.capacity * 2);
  }

  /** The next column of the row: an integer of up to 53 bits; fractions are dropped. */
  number(value: number): this {
    const words = this.integers[this.column++] as Int32Array;
    const at = this.count * 2;
    if (value >= 0 && value <= 0x7fffffff) {
      words[at] = value;
      words[at + 1] = 0;
      return this;
    }
    const high = Math.floor(value / 4294967296);
    words[at] = value - high * 4294967296;
    words[at + 1] = high;
    return this;
  }

  /** A hash that is already made. */
  words(low: number, high: number): this {
    const words = this.integers[this.column++] as Int32Array;
    const at = this.count * 2;
    words[at] = low;
    words[at + 1] = high;
    return this;
  }

  /** The hash of a name, by its slot. */
  name(slot: number): this {
    const { words } = this.names;
    return this.words(words[slot * 2] as number, words[slot * 2 + 1] as number);
  }

  /** The same of the account that the row is sorted to. */
  account(slot: number): this {
    this.keys[this.count] = slot;
    if (slot > this.highestKey) this.highestKey = slot;
    return this.name(slot);
  }

  /** A hash of text that is not to be looked up again; 0 for null. */
  key(text: string | null): this {
    if (text === null) return this.words(0, 0);
    hashInto(text, this.integers[this.column++] as Int32Array, this.count * 2);
    return this;
  }

  text(value: string | null): this {
    (this.texts[this.column++] as string[])[this.count] = value ?? "";
    return this;
  }

  end(): void {
    this.count++;
  }

  /** The rows' numbers, those of one account after each other, each account's in the order they came. */
  order(): Int32Array {
    const { count, keys } = this;
    const order = new Int32Array(count);
    const starts = new Int32Array(this.highestKey + 2);
    for (let row = 0; row < count; row++) {
      const after = (keys[row] as number) + 1;
      starts[after] = (starts[after] as number) + 1;
    }
    for (let key = 1; key < starts.length; key++) starts[key] = (starts[key] as number) + (starts[key - 1] as number);
    for (let row = 0; row < count; row++) {
      const key = keys[row] as number;
      const place = starts[key] as number;
      order[place] = row;
      starts[key] = place + 1;
    }
    return order;
  }

  clear(): void {
    // A text is a slice of the piece of log that it was read from, and keeps all of that in memory.
    for (const values of this.texts) if (values) values.length = 0;
    this.count = 0;
    this.column = 0;
    this.highestKey = 0;
  }
}
