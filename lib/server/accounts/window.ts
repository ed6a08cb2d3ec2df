import "server-only";
import { ApiError } from "../../api/errors";
import type { Span } from "../../store/events/host-store";

const units = { m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/**
 * The window of a call in ms, `from` inclusive, `to` exclusive. `all` and an open end reach as far as the log does; with
 * nothing given it is the last 24 hours. `known` is what the store holds.
 */
export function windowOf(query: { from?: string; to?: string; last?: string }, known: Span | null, now: number): Span {
  // A host whose clock is ahead must not have its newest lines cut off.
  const end = Math.max(now, known?.to ?? 0);
  if (query.last === "all") return { from: known?.from ?? end - units.d, to: end };
  if (query.last) {
    const unit = units[query.last.at(-1) as keyof typeof units];
    return { from: end - Number(query.last.slice(0, -1)) * unit, to: end };
  }
  const to = query.to ? Date.parse(query.to) : end;
  const from = query.from ? Date.parse(query.from) : query.to ? to - units.d : end - units.d;
  if (!(from < to)) throw new ApiError("bad_request", "The window ends before it begins: `from` must be before `to`.");
  return { from, to };
}
