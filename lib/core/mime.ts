/** Bytes as text, a character a byte. */
export function binary(bytes: Uint8Array): string {
  let text = "";
  for (let at = 0; at < bytes.length; at += 8192) text += String.fromCharCode(...bytes.subarray(at, at + 8192));
  return text;
}

/** The text of such bytes in a charset (names of the WHATWG encoding standard); where it is unknown, UTF-8 or Latin 1. */
export function decodeCharset(text: string, charset: string): string {
  const bytes = Uint8Array.from(text, (c) => c.charCodeAt(0) & 255);
  try {
    return new TextDecoder(charset === "" || /^us-ascii$/i.test(charset) ? "utf-8" : charset, {
      fatal: /^(|utf-?8|us-ascii)$/i.test(charset),
    }).decode(bytes);
  } catch {
    return new TextDecoder("windows-1252").decode(bytes);
  }
}

export function decodeBase64(text: string): string {
  const kept = text.replace(/[^A-Za-z0-9+/]/g, "");
  return atob(kept.slice(0, kept.length - (kept.length % 4 === 1 ? 1 : 0)));
}

/** White space at a line's end is the transport's (RFC 2045, 6.7). By hand: a pattern goes back over every run of blanks. */
function withoutEnd(line: string): string {
  let end = line.length;
  while (end > 0 && " \t\r".includes(line[end - 1] as string)) end--;
  return end === line.length ? line : line.slice(0, end);
}

export function decodeQuotedPrintable(text: string): string {
  return text
    .split("\n")
    .map((line, at, all) => (at < all.length - 1 ? withoutEnd(line) : line))
    .join("\n")
    .replace(/=\r?\n/g, "")
    .replace(/=([0-9A-Fa-f]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}

const word = /=\?([^?\s*]{1,60})(?:\*[^?\s]*)?\?([bq])\?([^?\s]{0,4000})\?=/giy;

/**
 * A header's value for display: encoded words decoded (RFC 2047), white space between them dropped, the bytes of
 * neighbours in one charset put together first, since mailers split characters across words.
 */
export function decodeWords(value: string): string {
  let out = "";
  let held = { charset: "", bytes: "" };
  let at = 0;
  const flush = () => {
    if (held.bytes) out += decodeCharset(held.bytes, held.charset);
    held = { charset: "", bytes: "" };
  };
  let raw = "";
  const flushRaw = () => {
    if (raw) out += decodeCharset(raw, "");
    raw = "";
  };
  while (at < value.length) {
    word.lastIndex = at;
    const hit = value[at] === "=" ? word.exec(value) : null;
    if (hit) {
      const [whole, charset = "", way = "", text = ""] = hit;
      if (held.bytes && /^\s*$/.test(raw)) raw = "";
      else flush();
      flushRaw();
      if (held.charset.toLowerCase() !== charset.toLowerCase()) flush();
      const bytes = way.toLowerCase() === "b" ? decodeBase64(text) : decodeQuotedPrintable(text.replace(/_/g, " "));
      held = { charset, bytes: held.bytes + bytes };
      at += whole.length;
    } else {
      raw += value[at];
      at++;
    }
  }
  flush();
  flushRaw();
  return out;
}

/**
 * Text of a stranger made harmless to look at: control characters as their pictures (U+2400…), characters that turn
 * the reading direction or hide as U+FFFD. Line ends and tabs stay where `lines` says so.
 */
export function harmless(text: string, lines = false): string {
  const plain = lines ? text.replace(/\r\n?/g, "\n") : text;
  return plain.replace(/[\p{Cc}\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/gu, (c) => {
    const code = c.charCodeAt(0);
    if (lines && (c === "\n" || c === "\t")) return c;
    if (code < 0x20) return String.fromCharCode(0x2400 + code);
    return code === 0x7f ? "\u2421" : "\ufffd";
  });
}
