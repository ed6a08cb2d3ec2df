import "server-only";
import type { Selectable, Updateable } from "kysely";
import type { State, Tally } from "./open";
import type { PlanRecord } from "./plans";
import type { ActionItemRow, Tables } from "./tables";

export type ActionRecord = Selectable<Tables["actions"]>;
export type ItemChange = { n: number } & Partial<
  Pick<ActionItemRow, "stage" | "outcome" | "inode" | "sha256" | "queue" | "new_id" | "said">
>;

/**
 * Makes an action of a plan, in one transaction: the plan is used by it alone. Answers false, with nothing changed,
 * where the plan was used before.
 */
export function startAction(
  { sqlite, db }: State,
  plan: PlanRecord,
  action: { id: string; reason: string | null; made_at: number; made_by: string },
): boolean {
  return sqlite.atOnce(() => {
    const claim = db.updateTable("plans").set({ used_by: action.id }).where("id", "=", plan.id);
    if (sqlite.now(claim.where("used_by", "is", null)).changes !== 1) return false;
    sqlite.now(
      db.insertInto("actions").values({
        ...action,
        host: plan.host,
        kind: plan.action,
        plan: plan.id,
        state: "waiting",
        planned: plan.messages,
        filter: plan.filter,
        bytes: plan.bytes,
        stage: null,
        arrived_later: null,
        problem: null,
        started_at: null,
        ended_at: null,
        undone_at: null,
        undone_by: null,
        archive_expires: null,
        archive_deleted_at: null,
      }),
    );
    sqlite
      .prepare(
        `INSERT INTO action_items (action, n, instance, id, queue, arrival, size, sender, account)
         SELECT ?, n, instance, id, queue, arrival, size, sender, account FROM plan_items WHERE plan = ?`,
      )
      .run([action.id, plan.id]);
    return true;
  });
}

export function findAction({ sqlite, db }: State, id: string): ActionRecord | undefined {
  return sqlite.now(db.selectFrom("actions").selectAll().where("id", "=", id)).rows[0];
}

/** Newest first; `before` is the place of the last one of the page before. */
export function listActions(
  { sqlite, db }: State,
  asked: { host?: string; state?: string; before?: { at: number; id: string }; limit: number },
): ActionRecord[] {
  let query = db.selectFrom("actions").selectAll().orderBy("made_at", "desc").orderBy("id", "desc");
  const { host, state, before } = asked;
  if (host !== undefined) query = query.where("host", "=", host);
  if (state !== undefined) query = query.where("state", "=", state);
  if (before)
    query = query.where((at) =>
      at.or([at("made_at", "<", before.at), at.and([at("made_at", "=", before.at), at("id", "<", before.id)])]),
    );
  return sqlite.now(query.limit(asked.limit)).rows;
}

/** What is to be run or to be gone on with on a host, oldest first. */
export function openActions({ sqlite, db }: State, host?: string): ActionRecord[] {
  let query = db.selectFrom("actions").selectAll().where("state", "in", ["waiting", "running", "undoing"]);
  if (host !== undefined) query = query.where("host", "=", host);
  return sqlite.now(query.orderBy("made_at").orderBy("id")).rows;
}

/** Changes an action; with `from`, only where it is in one of these states. Answers whether it did. */
export function changeAction(
  { sqlite, db }: State,
  id: string,
  change: Updateable<Tables["actions"]>,
  from?: string[],
): boolean {
  let query = db.updateTable("actions").set(change).where("id", "=", id);
  if (from) query = query.where("state", "in", from);
  return sqlite.now(query).changes === 1;
}

const itemColumns = [
  "n",
  "instance",
  "id",
  "queue",
  "arrival",
  "size",
  "sender",
  "account",
  "stage",
  "inode",
  "sha256",
  "outcome",
  "new_id",
  "said",
] as const;

/** Items from the place `n` in the plan's order, at most `limit`. As one text of JSON: three times as fast as rows. */
export function itemsFrom({ sqlite }: State, action: string, n: number, limit: number): ActionItemRow[] {
  const [row] = sqlite.all<{ items: string }>(
    `SELECT json_group_array(json_array(${itemColumns.join(", ")})) AS items
     FROM (SELECT * FROM action_items WHERE action = ? AND n >= ? ORDER BY n LIMIT ?)`,
    action,
    n,
    limit,
  );
  return (JSON.parse(row?.items ?? "[]") as unknown[][]).map(
    (values) =>
      Object.fromEntries([["action", action], ...itemColumns.map((name, at) => [name, values[at]])]) as ActionItemRow,
  );
}

/** All changes of a batch, on disk when it returns, or none. */
export function changeItems(state: State, action: string, changes: ItemChange[]): void {
  if (changes.length === 0) return;
  const { sqlite } = state;
  if (changes.some(({ outcome }) => outcome !== undefined)) state.tallies.delete(action);
  // One statement for all that change alike, as most of a batch does; and for what is each message's own, one for all that
  // change the same columns.
  const alike = new Map<string, { change: Omit<ItemChange, "n">; ns: number[] }>();
  const single = new Map<string, unknown[][]>();
  for (const { n, ...change } of changes) {
    if (change.sha256 !== undefined || change.new_id !== undefined) {
      const columns = Object.keys(change).join();
      const rows = single.get(columns) ?? [];
      single.set(columns, rows);
      rows.push([action, n, ...Object.values(change)]);
      continue;
    }
    const key = `${change.stage} ${change.outcome} ${change.queue} ${change.inode} ${change.said}`;
    const group = alike.get(key);
    if (group) group.ns.push(n);
    else alike.set(key, { change, ns: [n] });
  }
  sqlite.atOnce(() => {
    for (const { change, ns } of alike.values()) {
      const columns = Object.keys(change);
      if (columns.length === 0) continue;
      const set = columns.map((column) => `"${column}" = ?`).join(", ");
      const which = isRun(ns) ? "n BETWEEN ? AND ?" : "n IN (SELECT value FROM json_each(?))";
      const where = isRun(ns) ? [ns[0], ns.at(-1)] : [JSON.stringify(ns)];
      sqlite
        .prepare(`UPDATE action_items SET ${set} WHERE action = ? AND ${which}`)
        .run([...Object.values(change), action, ...where]);
    }
    for (const [columns, rows] of single) {
      const set = columns.split(",").map((column, at) => `"${column}" = v.value->>${at + 2}`);
      // The whole key comes from the rows: SQLite then reads these one by one and finds each item by its key.
      sqlite
        .prepare(
          `UPDATE action_items SET ${set.join(", ")} FROM json_each(?) v WHERE action = v.value->>0 AND n = v.value->>1`,
        )
        .run([JSON.stringify(rows)]);
    }
  });
}

/** Places without a gap between the first and the last. */
const isRun = (ns: number[]): boolean => {
  const [first = 0] = ns;
  return ns.every((n, at) => n === first + at);
};

/** Messages and bytes of each outcome. Pages ask many times a second: it is counted once after each change. */
export function outcomeCounts({ sqlite, tallies }: State, action: string): Tally {
  const known = tallies.get(action);
  if (known) return known;
  const tally: Tally = sqlite.all(
    "SELECT outcome, count(*) AS messages, coalesce(sum(size), 0) AS bytes FROM action_items WHERE action = ? GROUP BY outcome",
    action,
  );
  tallies.set(action, tally);
  for (const old of [...tallies.keys()].slice(0, -50)) tallies.delete(old);
  return tally;
}

export function idsOfOutcome({ sqlite }: State, action: string, outcome: string, limit: number): string[] {
  const rows = sqlite.all<{ id: string }>(
    "SELECT id FROM action_items WHERE action = ? AND outcome = ? ORDER BY n LIMIT ?",
    action,
    outcome,
    limit,
  );
  return rows.map(({ id }) => id);
}

/** Ids before and after a requeue, in the plan's order. */
export function newIds({ sqlite }: State, action: string, limit: number): { id: string; newId: string }[] {
  return sqlite.all(
    "SELECT id, new_id AS newId FROM action_items WHERE action = ? AND new_id IS NOT NULL ORDER BY n LIMIT ?",
    action,
    limit,
  );
}

/** `INSTANCE/ID` of every item. */
export function plannedIds({ sqlite }: State, action: string): Set<string> {
  const rows = sqlite.all<{ key: string }>(
    "SELECT instance || '/' || id AS key FROM action_items WHERE action = ?",
    action,
  );
  return new Set(rows.map(({ key }) => key));
}

/** Archives of a host that stand, or that should go by now. */
export function archivedActions({ sqlite, db }: State, host: string, expiredBy?: number): ActionRecord[] {
  let query = db
    .selectFrom("actions")
    .selectAll()
    .where("host", "=", host)
    .where("kind", "in", ["purge", "aside"])
    .where("archive_messages", ">", 0)
    .where("archive_deleted_at", "is", null);
  if (expiredBy !== undefined) query = query.where("archive_expires", "<", expiredBy).where("state", "!=", "undoing");
  return sqlite.now(query.orderBy("made_at", "desc")).rows;
}
