import "server-only";
import { createHash } from "node:crypto";
import type { AuditEntry } from "../api/actions";
import { ApiError } from "../api/errors";
import {
  type AuditRecord,
  appendAudit,
  auditAfter,
  auditBefore,
  highestGiven,
  othersWrites,
} from "../store/state/audit";
import type { State } from "../store/state/open";
import { log } from "./log";
import { singleton } from "./singleton";
import { state } from "./state";

/** Keys in order at every depth, nothing left out but `undefined`: one text for one value. */
export function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map((item) => canonical(item ?? null)).join(",")}]`;
  if (value === null || typeof value !== "object") return JSON.stringify(value ?? null);
  const parts = Object.entries(value)
    .filter(([, item]) => item !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, item]) => `${JSON.stringify(key)}:${canonical(item)}`);
  return `{${parts.join(",")}}`;
}

/** SHA-256 in hex over the hash before and the entry's canonical JSON: changing one entry breaks all that follow. */
function chained(previous: string, row: Omit<AuditRecord, "hash">): string {
  const { seq, at, made_by, host, what, detail } = row;
  return createHash("sha256")
    .update(`${previous}\n${canonical({ seq, at, by: made_by, host, what, detail })}`)
    .digest("hex");
}

function entry(row: AuditRecord): AuditEntry {
  const { seq, at, made_by: by, host, what, detail, hash } = row;
  return { seq, at: new Date(at).toISOString(), by, host, what, detail: JSON.parse(detail), hash };
}

/**
 * Writes who did what, and is on disk when it answers. Call it before a destructive step: ApiError audit_failed means
 * that nothing may run. `by` is an e-mail address, or "sluice" for what runs by itself.
 */
export async function audit(by: string, host: string | null, what: string, detail: unknown): Promise<AuditEntry> {
  try {
    const text = canonical(detail);
    return entry(
      appendAudit(state(), (seq, previous) => {
        const row = { at: Date.now(), made_by: by, host, what, detail: text };
        return { ...row, hash: chained(previous, { seq, ...row }) };
      }),
    );
  } catch (error) {
    log.error({ err: error, what }, "audit entry not written");
    throw new ApiError(
      "audit_failed",
      "The audit trail cannot be written, so nothing was done: look at the space and the rights of Sluice's data folder.",
    );
  }
}

/** Newest first. `cursor` is the `next` of the page before. */
export function listAudit(cursor: string | undefined, limit = 100): { entries: AuditEntry[]; next: string | null } {
  if (cursor !== undefined && !/^[1-9][0-9]{0,14}$/.test(cursor))
    throw new ApiError("bad_request", "cursor: take the `next` of the page before, or leave it out.");
  const rows = auditBefore(state(), cursor === undefined ? null : Number(cursor), limit + 1);
  const entries = rows.slice(0, limit).map(entry);
  return { entries, next: rows.length > limit ? String(entries.at(-1)?.seq) : null };
}

const slice = 2000;
const breathe = () => new Promise((resolve) => setImmediate(resolve));

/** How far the chain was found whole, by store, and the store's mark then. */
const verified = singleton("audit verified", () => new WeakMap<State, { seq: number; hash: string; mark: number }>());

/**
 * Recomputes the chain. Answers the number of the first entry that is missing or not as written, or null. What was
 * found whole is not computed again until another process has written to the store: this one can only append.
 */
export async function firstBroken(): Promise<number | null> {
  const mark = othersWrites(state());
  const before = verified.get(state());
  let [seq, previous] = before?.mark === mark ? [before.seq, before.hash] : [0, ""];
  for (;;) {
    const rows = auditAfter(state(), seq, slice);
    for (const row of rows) {
      if (row.seq !== seq + 1) return seq + 1;
      if (row.hash !== chained(previous, row)) return row.seq;
      seq = row.seq;
      previous = row.hash;
    }
    verified.set(state(), { seq, hash: previous, mark });
    if (rows.length < slice) return seq < highestGiven(state()) ? seq + 1 : null;
    await breathe();
  }
}

/** Every entry, oldest first, one JSON object a line; read in slices as the reader takes them. */
export function exportAudit(): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  let seq = 0;
  return new ReadableStream({
    pull(controller) {
      const rows = auditAfter(state(), seq, slice);
      seq = rows.at(-1)?.seq ?? seq;
      if (rows.length === 0) return controller.close();
      controller.enqueue(encoder.encode(rows.map((row) => `${JSON.stringify(entry(row))}\n`).join("")));
    },
  });
}
