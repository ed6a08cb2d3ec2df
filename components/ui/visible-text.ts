export type Piece = { text: string; control: boolean };

// Controls, bidi overrides and isolates, zero-width and other format characters, lone surrogates, line separators.
const hidden = /[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]/u;

/**
 * Hostile text cut into pieces that can be shown: characters that would act or hide are named (`\n`, `\x1b`,
 * `U+202E`), the rest stays. Line feeds stay too where `lines` says that the text has lines.
 */
export function visiblePieces(text: string, lines = false): Piece[] {
  const pieces: Piece[] = [];
  let plain = "";
  for (const char of text) {
    if (!hidden.test(char) || (lines && (char === "\n" || char === "\t"))) {
      plain += char;
      continue;
    }
    if (plain) pieces.push({ text: plain, control: false });
    plain = "";
    pieces.push({ text: nameOf(char), control: true });
  }
  if (plain) pieces.push({ text: plain, control: false });
  return pieces;
}

function nameOf(char: string): string {
  const code = char.codePointAt(0) ?? 0;
  const known: Record<number, string> = { 9: "\\t", 10: "\\n", 13: "\\r", 0: "\\0" };
  if (known[code]) return known[code];
  if (code < 0x100) return `\\x${code.toString(16).padStart(2, "0")}`;
  return `U+${code.toString(16).toUpperCase().padStart(4, "0")}`;
}

/** The same as one string, for titles and accessible names. */
export const visibleText = (text: string) =>
  visiblePieces(text)
    .map((piece) => piece.text)
    .join("");
