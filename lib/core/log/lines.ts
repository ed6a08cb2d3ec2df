/**
 * Bytes to lines. A chunk may be cut anywhere. Text is read as Latin-1 first, where a character's index is its byte's
 * offset; a line that holds bytes above 0x7F is then read again as UTF-8 if it is valid UTF-8.
 */

/** Bytes of a line that are kept; the rest up to the next newline is left out. Postfix's own lines stay far below. */
export const maxLine = 65_536;

export type SplitterState = { carry: string; skipping: boolean };
export type LineSink = (text: string, offset: number) => void;

const utf8 = new TextDecoder("utf-8", { fatal: true });
const beyondAscii = /[\x80-\xff]/;

export class LineSplitter {
  /** Beginning of a line whose newline has not come yet, as Latin-1. */
  private carry = "";
  /** True while the rest of an overlong line is passed over. */
  private skipping = false;

  /**
   * @param next Offset of the next byte to be fed.
   * @param state Of a splitter that stopped at this very offset.
   */
  constructor(
    private next: number,
    state?: SplitterState,
  ) {
    if (!state) return;
    this.carry = state.carry;
    this.skipping = state.skipping;
  }

  /** Offset of the next byte to be fed. */
  get offset(): number {
    return this.next;
  }

  get state(): SplitterState {
    return { carry: this.carry, skipping: this.skipping };
  }

  /** True at the beginning of a line. */
  get between(): boolean {
    return this.carry === "" && !this.skipping;
  }

  /** Whole lines were read by somebody else; only {@link between} two lines. */
  pass(bytes: number): void {
    this.next += bytes;
  }

  feed(chunk: Uint8Array, sink: LineSink): void {
    if (chunk.length === 0) return;
    const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length);
    const base = this.next - this.carry.length;
    const text = this.carry === "" ? bytes.toString("latin1") : this.carry + bytes.toString("latin1");
    this.next += chunk.length;
    this.carry = "";
    const ascii = !beyondAscii.test(text);
    let start = 0;
    for (;;) {
      const end = text.indexOf("\n", start);
      if (end < 0) break;
      if (this.skipping) this.skipping = false;
      else this.emit(text, start, end, base, ascii, sink);
      start = end + 1;
    }
    if (this.skipping) return;
    if (text.length - start > maxLine) {
      this.emit(text, start, start + maxLine, base, ascii, sink);
      this.skipping = true;
      return;
    }
    // A copy: a slice would keep the whole chunk in memory.
    this.carry = start === 0 ? text : Buffer.from(text.slice(start), "latin1").toString("latin1");
  }

  /** The last line, if the log ends without a newline. */
  end(sink: LineSink): void {
    const text = this.carry;
    const base = this.next - text.length;
    this.carry = "";
    this.skipping = false;
    if (text !== "") this.emit(text, 0, text.length, base, !beyondAscii.test(text), sink);
  }

  private emit(text: string, start: number, lineEnd: number, base: number, ascii: boolean, sink: LineSink): void {
    let end = lineEnd;
    if (end - start > maxLine) end = start + maxLine;
    if (end > start && text.charCodeAt(end - 1) === 13) end--;
    if (end === start) return;
    const line = text.slice(start, end);
    sink(ascii ? line : decoded(line), base + start);
  }
}

function decoded(line: string): string {
  if (!beyondAscii.test(line)) return line;
  try {
    return utf8.decode(Buffer.from(line, "latin1"));
  } catch {
    return line;
  }
}
