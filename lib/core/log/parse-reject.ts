import type { Parsed } from "./parsed";
import { PeerReader } from "./scan";

const peer = new PeerReader();
const verdicts = [
  "reject",
  "reject_warning",
  "warn",
  "warning",
  "hold",
  "discard",
  "redirect",
  "filter",
  "bcc",
  "info",
  "prepend",
  "replace",
  "strip",
  "ignore",
  "pass",
  "delay",
  "dunno",
  "milter-reject",
  "milter-hold",
  "milter-discard",
  "milter-quarantine",
  "milter-header-redirect",
  "milter-header-reject",
  "milter-header-hold",
  "milter-header-discard",
  "milter-header-warning",
  "milter-header-filter",
  "proxy-accept",
  "proxy-reject",
];
const known = new Set(verdicts);

export function isVerdict(text: string, from: number): boolean {
  const colon = text.indexOf(":", from);
  return colon > 0 && colon - from < 26 && known.has(text.slice(from, colon));
}

/**
 * `VERDICT: STAGE from NAME[ADDRESS]: [CODE] [DSN] reason; from=<…> to=<…> proto=… helo=<…>` of smtpd, cleanup and
 * postscreen, and cleanup's `VERDICT: header NAME: VALUE from NAME[ADDRESS]; …`. Null for other lines.
 */
export function parseReject(text: string, from: number, id: string | null): Parsed | null {
  const colon = text.indexOf(":", from);
  if (colon < 0) return null;
  const verdict = text.slice(from, colon);
  if (!known.has(verdict)) return null;
  let p = colon + 1;
  while (text.charCodeAt(p) === 32) p++;
  if (text.startsWith("header ", p)) return parseContent(text, p, p + 7, verdict, id);
  for (const part of ["body ", "content ", "mime-header ", "nested-header "]) {
    if (text.startsWith(part, p)) return parseContent(text, p, p + part.length, verdict, id);
  }
  let q = p;
  while (q < text.length && (upper(text.charCodeAt(q)) || text.charCodeAt(q) === 45)) q++;
  if (q === p) return verdict === "warning" || verdict === "info" ? notice(verdict, id, text.slice(p)) : null;
  const stage = text.slice(p, q);
  let name: string | null = null;
  let address: string | null = null;
  while (text.charCodeAt(q) === 32) q++;
  if (text.startsWith("from ", q)) {
    if (!peer.read(text, q + 5)) return null;
    name = peer.name === "" ? null : peer.name;
    address = peer.address;
    q = peer.end;
  }
  if (text.charCodeAt(q) !== 58) return null;
  q++;
  while (text.charCodeAt(q) === 32) q++;
  let code: string | null = null;
  let dsn: string | null = null;
  if (isCode(text, q)) {
    code = text.slice(q, q + 3);
    q += 4;
  }
  while (text.charCodeAt(q) === 32) q++;
  const dsnEnd = statusEnd(text, q);
  if (dsnEnd > 0) {
    dsn = text.slice(q, dsnEnd);
    q = dsnEnd;
  }
  while (text.charCodeAt(q) === 32) q++;
  const tail = tailStart(text, q, false);
  const reason = text.slice(q, tail < 0 ? text.length : tail).trimEnd();
  const rest = tail < 0 ? "" : text.slice(tail + 2);
  return {
    kind: "reject",
    id,
    name,
    address,
    verdict,
    stage,
    code,
    dsn,
    reason,
    sender: angled(rest, "from=<"),
    recipient: angled(rest, "to=<"),
    helo: angled(rest, "helo=<"),
    account: angled(rest, "sasl_username=<"),
  };
}

function parseContent(text: string, p: number, start: number, verdict: string, id: string | null): Parsed {
  const tail = tailStart(text, start, true);
  const head = text.slice(start, tail < 0 ? text.length : tail).trimEnd();
  const rest = tail < 0 ? "" : text.slice(tail + 2);
  const by = head.lastIndexOf(" from ");
  let name: string | null = null;
  let address: string | null = null;
  let value = head;
  if (by >= 0 && tail >= 0) {
    value = head.slice(0, by).trimEnd();
    if (peer.read(head, by + 6)) {
      name = peer.name;
      address = peer.address;
    }
  }
  if ((verdict === "warning" || verdict === "info") && id !== null && text.charCodeAt(p) === 104) {
    const colon = value.indexOf(":");
    if (colon > 0)
      return { kind: "header", id, name: value.slice(0, colon), value: value.slice(colon + 1).trimStart() };
  }
  const last = rest.lastIndexOf(">: ");
  return {
    kind: "reject",
    id,
    name,
    address,
    verdict,
    stage: text.slice(p, start - 1),
    code: null,
    dsn: null,
    reason: last < 0 ? value : `${value}: ${rest.slice(last + 3)}`,
    sender: angled(rest, "from=<"),
    recipient: angled(rest, "to=<"),
    helo: angled(rest, "helo=<"),
    account: null,
  };
}

function notice(level: "warning" | "info", id: string | null, text: string): Parsed {
  return { kind: "notice", level, id, text };
}

/** Where `; from=<`, `; to=<`, `; proto=` begins. The last one where the text before it is the sender's own. */
function tailStart(text: string, from: number, last: boolean): number {
  let start = from;
  if (!last && text.charCodeAt(from) === 60) {
    const close = text.indexOf(">: ", from);
    if (close > 0) start = close;
  }
  for (const mark of ["; from=<", "; to=<", "; proto="]) {
    const at = last ? text.lastIndexOf(mark) : text.indexOf(mark, start);
    if (at >= start) return at;
  }
  return -1;
}

function angled(rest: string, key: string): string | null {
  const at = rest.startsWith(key) ? 0 : rest.indexOf(` ${key}`);
  if (at < 0) return null;
  const start = at + key.length + (at === 0 && rest.startsWith(key) ? 0 : 1);
  let p = start;
  for (;;) {
    const close = rest.indexOf(">", p);
    if (close < 0) return rest.slice(start);
    const next = rest.charCodeAt(close + 1);
    if (Number.isNaN(next) || next === 32 || next === 44 || next === 58) return rest.slice(start, close);
    p = close + 1;
  }
}

function upper(c: number): boolean {
  return c >= 65 && c <= 90;
}

function isDigit(c: number): boolean {
  return c >= 48 && c <= 57;
}

function isCode(text: string, p: number): boolean {
  return (
    isDigit(text.charCodeAt(p)) &&
    isDigit(text.charCodeAt(p + 1)) &&
    isDigit(text.charCodeAt(p + 2)) &&
    text.charCodeAt(p + 3) === 32
  );
}

/** End of an enhanced status code `5.7.1` at `p`, or -1. */
function statusEnd(text: string, p: number): number {
  if (!isDigit(text.charCodeAt(p)) || text.charCodeAt(p + 1) !== 46) return -1;
  let q = p;
  let dots = 0;
  while (q < text.length && (isDigit(text.charCodeAt(q)) || text.charCodeAt(q) === 46)) {
    if (text.charCodeAt(q) === 46) dots++;
    q++;
  }
  return dots === 2 && (q === text.length || text.charCodeAt(q) === 32) ? q : -1;
}
