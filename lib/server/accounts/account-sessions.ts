import "server-only";
import type { Session } from "../../api/accounts";
import { ApiError } from "../../api/errors";
import { ask } from "../collect/collectors";
import { spanOf } from "./accounts";

const iso = (ms: number) => new Date(ms).toISOString();
const pageSize = 100;

/** A page of the account's sessions, newest first. The cursor is the last one shown: `MS.KEY`. */
export async function sessionsOf(
  host: string,
  account: string,
  query: { from?: string; to?: string; last?: string; limit?: number; cursor?: string },
): Promise<{ sessions: Session[]; next: string | null }> {
  const span = await spanOf(host, query);
  const limit = Math.min(query.limit ?? pageSize, 500);
  const found = await ask(host, "accountSessions", {
    account,
    span,
    limit: limit + 1,
    before: readCursor(query.cursor),
  });
  const page = found.slice(0, limit);
  const last = page.at(-1);
  return {
    sessions: page.map(({ first: _, ...session }) => ({
      ...session,
      start: iso(session.start),
      end: session.end === null ? null : iso(session.end),
      messages: session.messages.map((message) => ({ ...message, at: iso(message.at) })),
      rejects: session.rejects.map((reject) => ({ ...reject, at: iso(reject.at) })),
    })),
    next: found.length > limit && last ? `${last.first}.${last.key}` : null,
  };
}

function readCursor(cursor: string | undefined): { at: number; session: string } | null {
  if (!cursor) return null;
  const read = /^(\d{1,15})\.(-?\d{1,20})$/.exec(cursor);
  if (!read) throw new ApiError("bad_request", "The cursor is not one that Sluice gave: begin again without it.");
  return { at: Number(read[1]), session: read[2] ?? "0" };
}
