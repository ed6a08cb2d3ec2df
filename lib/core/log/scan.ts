/** Small scanners over one line. None of them goes back: each is linear in the line. */

/** Length of the queue id that the text begins with (`ID: `), or 0. */
export function idLength(text: string): number {
  let p = 0;
  let hex = true;
  let zAt = -1;
  for (; p < 42; p++) {
    const c = text.charCodeAt(p);
    if (c >= 48 && c <= 57) continue;
    if (c >= 65 && c <= 70) continue;
    if ((c >= 71 && c <= 90) || (c >= 97 && c <= 122)) {
      hex = false;
      if (c === 122 && p >= 8) zAt = p;
      continue;
    }
    break;
  }
  if (p < 5 || text.charCodeAt(p) !== 58) return 0;
  if (!hex && zAt < 0) return 0;
  const next = text.charCodeAt(p + 1);
  return next === 32 || p + 1 === text.length ? p : 0;
}

/** Reads `NAME[ADDRESS]` or `NAME[ADDRESS]:PORT` (also `[ADDRESS]:PORT`) into the fields. */
export class PeerReader {
  name = "";
  address = "";
  end = 0;

  read(text: string, from: number): boolean {
    const open = text.indexOf("[", from);
    if (open < 0) return false;
    const close = text.indexOf("]", open);
    if (close < 0) return false;
    this.name = text.slice(from, open);
    this.address = text.slice(open + 1, close);
    let end = close + 1;
    if (text.charCodeAt(end) === 58) {
      let p = end + 1;
      while (p < text.length && isWord(text.charCodeAt(p))) p++;
      if (p > end + 1) end = p;
    }
    this.end = end;
    return this.name.indexOf(" ") < 0;
  }
}

function isWord(c: number): boolean {
  return (c >= 48 && c <= 57) || (c >= 97 && c <= 122);
}

/** Value of a `key=<…>` whose `<` stands at `open`: the index of its closing `>`, minding a quoted local part. */
export function addressEnd(text: string, open: number): number {
  let p = open + 1;
  if (text.charCodeAt(p) === 34) {
    p++;
    while (p < text.length) {
      const c = text.charCodeAt(p);
      if (c === 92) p++;
      else if (c === 34) break;
      p++;
    }
  }
  for (;;) {
    const close = text.indexOf(">", p);
    if (close < 0) return -1;
    const next = text.charCodeAt(close + 1);
    if (Number.isNaN(next) || next === 44 || next === 32 || next === 58 || next === 59) return close;
    p = close + 1;
  }
}

/** Digits at `from`, or NaN. */
export function integerAt(text: string, from: number): number {
  let p = from;
  let value = 0;
  for (; p < text.length; p++) {
    const d = text.charCodeAt(p) - 48;
    if (d < 0 || d > 9) break;
    value = value * 10 + d;
  }
  return p === from ? Number.NaN : value;
}

/** The line with what differs from case to case replaced, so that lines of one kind count together. */
export function shapeOf(text: string): string {
  const limit = Math.min(text.length, 300);
  let out = "";
  let p = 0;
  while (p < limit) {
    let q = p;
    let digits = 0;
    let at = false;
    while (q < limit) {
      const c = text.charCodeAt(q);
      if (c <= 32 || c === 44 || c === 60 || c === 62 || c === 91 || c === 93 || c === 40 || c === 41 || c === 61)
        break;
      if (c >= 48 && c <= 57) digits++;
      if (c === 64) at = true;
      q++;
    }
    if (q === p) {
      out += text[p];
      p++;
      continue;
    }
    const word = text.slice(p, q);
    const colon = word.endsWith(":") ? ":" : "";
    if (at) out += `ADDRESS${colon}`;
    else if (digits === 0) out += word;
    else out += digits === q - p - colon.length ? `N${colon}` : `X${colon}`;
    p = q;
  }
  return out.length > 160 ? out.slice(0, 160) : out;
}
