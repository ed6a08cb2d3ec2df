import { type Field, fields, type Shape, type VerbName, verbs } from "../remote/verbs";
import { escapeField, unescapeField } from "../remote/wire";
import { sha256 } from "./demo-log";

/** A request that host.sh would refuse; the exit codes are its own (64 verb, 65 request, 66 not there, 78 not set up …). */
export class Refusal extends Error {
  constructor(
    readonly exit: number,
    message: string,
  ) {
    super(message);
  }
}

export type Request = { params: Record<string, string>; items: Record<string, string>[] };

function line(text: string, names: readonly Field[], number: number): Record<string, string> {
  const parts = text.split("\t");
  if (parts.length !== names.length)
    throw new Refusal(65, `line ${number} of the request has ${parts.length} fields, not ${names.length}`);
  return Object.fromEntries(
    names.map((name, at) => {
      const value = unescapeField(parts[at] ?? "");
      if (!fields[name].test(value)) throw new Refusal(65, `line ${number} of the request has no valid ${name}`);
      return [name, value];
    }),
  );
}

export const isVerb = (name: string): name is VerbName => Object.hasOwn(verbs, name);

/** Reads what came on stdin, whole, and checks it before anything is done, as host.sh does. */
export function readRequest(verb: VerbName, stdin: Buffer): Request {
  const shape: Shape = verbs[verb];
  const end = stdin.indexOf("\n");
  const [magic, count, sum] = (end < 0 ? "" : stdin.toString("utf8", 0, end)).split(" ");
  if (magic === "" || magic === undefined) throw new Refusal(65, "the request has no first line");
  if (magic !== "sluice1") throw new Refusal(65, "the request is not of this script's version");
  const body = stdin.subarray(end + 1);
  const lines = body.toString("utf8").split("\n");
  lines.pop();
  if (String(lines.length) !== count) throw new Refusal(65, "the request was cut");
  if (sha256(body) !== sum) throw new Refusal(65, "the request was cut or changed");
  let params: Record<string, string> = {};
  if (shape.params.length > 0) {
    const first = lines.shift();
    if (first === undefined) throw new Refusal(65, "the request has no parameters");
    params = line(first, shape.params, 1);
  }
  const skipped = shape.params.length > 0 ? 2 : 1;
  const items = lines.map((text, at) => {
    if (shape.item.length === 0) throw new Refusal(65, `line ${at + skipped} of the request is too many`);
    return line(text, shape.item, at + skipped);
  });
  for (const { instance } of [params, ...items])
    if (instance && instance !== "postfix") throw new Refusal(65, `there is no Postfix instance named ${instance}`);
  return { params, items };
}

/** Writes an answer in the wire's form; `send` is the channel. */
export class Answer {
  private rows = 0;
  private waiting: string[] = [];
  constructor(private readonly send: (bytes: Buffer | string) => void) {}

  row(...values: (string | number)[]): void {
    this.rows++;
    // An empty field of a row is written as nothing; only requests write it as a lone %.
    this.put(`r\t${values.map((value) => (value === "" ? "" : escapeField(String(value)))).join("\t")}\n`);
  }
  json(instance: string, value: string): void {
    this.rows++;
    this.put(`j\t${instance}\t${value}\n`);
  }
  frame(bytes: Buffer): void {
    this.rows++;
    this.flush();
    this.send(`d\t${bytes.length}\n`);
    this.send(bytes);
    this.send("\n");
  }
  beat(): void {
    this.flush();
    this.send("h\n");
  }
  close(exit: number, message = ""): void {
    this.put(`e\t${exit}\t${this.rows}\t${message === "" ? "" : escapeField(message)}\n`);
    this.flush();
  }
  flush(): void {
    if (this.waiting.length > 0) this.send(this.waiting.join(""));
    this.waiting = [];
  }
  private put(text: string): void {
    this.waiting.push(text);
    if (this.waiting.length >= 500) this.flush();
  }
}
