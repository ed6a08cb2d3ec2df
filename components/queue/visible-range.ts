export type Range = { first: number; last: number };

/**
 * Rows to draw, of rows that all have one height: what is in view and some around, so that a quick scroll does not
 * show gaps. `last` is past the end.
 */
export function visibleRange(top: number, view: number, row: number, count: number, around = 12): Range {
  const first = Math.min(count, Math.max(0, Math.floor(top / row) - around));
  const last = Math.min(count, Math.ceil((top + view) / row) + around);
  return { first, last: Math.max(first, last) };
}
