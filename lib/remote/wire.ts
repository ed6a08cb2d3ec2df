import "server-only";
import { createHash } from "node:crypto";
import { RemoteError } from "./errors";
import { type Field, fields, type Item, type Params, type Shape, type VerbName, verbs } from "./verbs";

/**
 * The wire between Sluice and host.sh. A field is text in which bytes below 0x21, 0x7f and `%` are %XX; the empty field
 * is a single `%`. Fields are separated by a tab, lines by a newline.
 */
export function escapeField(text: string): string {
  if (text === "") return "%";
  return text.replace(/[\p{Cc} %]/gu, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase().padStart(2, "0")}`);
}

const escapes = /%([0-9A-Fa-f]{2})/g;
export function unescapeField(text: string): string {
  if (text === "%") return "";
  if (!text.includes("%")) return text;
  return text.replace(escapes, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}

function line(verb: VerbName, names: readonly Field[], values: Record<string, string>): string {
  return names
    .map((name) => {
      const value = values[name] ?? "";
      if (!fields[name].test(value))
        throw new RemoteError("bad_request", `The host's script takes no such ${name} (${verb}).`, value.slice(0, 200));
      return escapeField(value);
    })
    .join("\t");
}

/**
 * The whole stdin of a call: `sluice1 LINES SHA256`, then the lines. The host acts only when count and hash agree, so
 * that a connection cut anywhere does nothing.
 */
export function request<V extends VerbName>(verb: V, params: Params<V>, items: readonly Item<V>[]): Buffer {
  const shape: Shape = verbs[verb];
  const lines: string[] = [];
  if (shape.params.length > 0) lines.push(line(verb, shape.params, params));
  if (items.length > 0 && shape.item.length === 0) throw new RemoteError("bad_request", `${verb} takes no items.`);
  for (const item of items) lines.push(line(verb, shape.item, item as Record<string, string>));
  const body = Buffer.from(lines.map((text) => `${text}\n`).join(""));
  const sha256 = createHash("sha256").update(body).digest("hex");
  return Buffer.concat([Buffer.from(`sluice1 ${lines.length} ${sha256}\n`), body]);
}

/** What an answer is made of. `close` is the sentinel: without it the answer is partial. */
export type AnswerHandler = {
  row?(fields: string[]): void;
  json?(instance: string, text: string): void;
  /** A part of a data frame; `last` with the part that ends it. The bytes are only good until the call returns. */
  data?(bytes: Buffer, last: boolean): void;
  progress?(done: number, total: number): void;
};
export type Closing = { exit: number; rows: number; message: string };

const newline = 0x0a;
/** A line longer than this is no answer of host.sh (postqueue -j lines of a message with many recipients are long). */
const longestLine = 256 * 1024 * 1024;

/** Reads an answer as its bytes come, in pieces of any size. */
export class AnswerParser {
  closing: Closing | undefined;
  rows = 0;
  private rest: Buffer[] = [];
  private restBytes = 0;
  private frameLeft = 0;
  private frameEnd = false;

  constructor(private readonly handler: AnswerHandler) {}

  push(chunk: Buffer): void {
    let at = 0;
    while (at < chunk.length) {
      if (this.frameLeft > 0) {
        const part = chunk.subarray(at, at + this.frameLeft);
        this.frameLeft -= part.length;
        at += part.length;
        this.frameEnd = this.frameLeft === 0;
        this.handler.data?.(part, this.frameEnd);
        continue;
      }
      if (this.frameEnd) {
        if (chunk[at] !== newline) throw cut("a data frame does not end where it should");
        this.frameEnd = false;
        at += 1;
        continue;
      }
      const end = chunk.indexOf(newline, at);
      if (end < 0) {
        this.restBytes += chunk.length - at;
        if (this.restBytes > longestLine) throw cut("a line has no end");
        this.rest.push(chunk.subarray(at));
        return;
      }
      let text: string;
      if (this.rest.length > 0) {
        this.rest.push(chunk.subarray(at, end));
        text = Buffer.concat(this.rest).toString("utf8");
        this.rest = [];
        this.restBytes = 0;
      } else text = chunk.toString("utf8", at, end);
      at = end + 1;
      this.line(text);
    }
  }

  /** The sentinel, checked against what came; throws host_answer_cut without it. */
  finish(): Closing {
    if (!this.closing) throw cut("the answer stopped before its end");
    if (this.closing.rows !== this.rows) throw cut(`${this.closing.rows} rows were sent and ${this.rows} came`);
    return this.closing;
  }

  private line(text: string): void {
    if (this.closing) throw cut("more came after the end");
    const kind = text.slice(0, 2);
    if (kind === "j\t") {
      this.rows += 1;
      const tab = text.indexOf("\t", 2);
      this.handler.json?.(unescapeField(text.slice(2, tab)), text.slice(tab + 1));
    } else if (kind === "r\t") {
      this.rows += 1;
      this.handler.row?.(text.slice(2).split("\t").map(unescapeField));
    } else if (kind === "d\t") {
      this.rows += 1;
      this.frameLeft = wholeNumber(text.slice(2));
      this.frameEnd = this.frameLeft === 0;
      if (this.frameEnd) this.handler.data?.(Buffer.alloc(0), true);
    } else if (kind === "p\t") {
      const [done, total] = text.slice(2).split("\t");
      this.handler.progress?.(wholeNumber(done), wholeNumber(total));
    } else if (kind === "e\t") {
      const [exit, rows, message] = text.slice(2).split("\t");
      this.closing = { exit: wholeNumber(exit), rows: wholeNumber(rows), message: unescapeField(message ?? "") };
    } else if (text !== "h") throw cut("a line is none of host.sh", text);
  }
}

function wholeNumber(text: string | undefined): number {
  if (text === undefined || !/^[0-9]{1,15}$/.test(text)) throw cut("a number is none", text);
  return Number(text);
}

function cut(why: string, detail?: string): RemoteError {
  return new RemoteError("host_answer_cut", `The host's answer was cut (${why}). Try again.`, detail?.slice(0, 500));
}
