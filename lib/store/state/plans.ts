import "server-only";
import type { Insertable, Selectable } from "kysely";
import type { State } from "./open";
import type { PlanItemRow, Tables } from "./tables";

export type PlanRecord = Selectable<Tables["plans"]>;
export type NewPlan = Omit<Insertable<Tables["plans"]>, "complete" | "used_by">;
export type NewPlanItem = Omit<PlanItemRow, "plan" | "n">;

const columns = [
  "plan",
  "n",
  "instance",
  "id",
  "queue",
  "arrival",
  "size",
  "sender",
  "account",
  "client",
  "recipients",
] as const;

/** Stores a plan with its items, in slices, while its summary is being made; it counts only once it is `complete`. */
export async function storePlan(
  state: State,
  plan: Omit<NewPlan, "summary">,
  items: Iterable<NewPlanItem>,
  summary: Promise<string>,
): Promise<void> {
  const { sqlite, db } = state;
  sqlite.now(db.insertInto("plans").values({ ...plan, summary: "{}", complete: 0, used_by: null }));
  const [text] = await Promise.all([summary, sqlite.insertRows("plan_items", columns, rowsOf(plan.id, items))]);
  sqlite.now(db.updateTable("plans").set({ summary: text, complete: 1 }).where("id", "=", plan.id));
}

function* rowsOf(plan: string, items: Iterable<NewPlanItem>): Generator<readonly unknown[]> {
  let n = 0;
  for (const i of items)
    yield [plan, n++, i.instance, i.id, i.queue, i.arrival, i.size, i.sender, i.account, i.client, i.recipients];
}

/** A complete plan, or undefined. */
export function findPlan({ sqlite, db }: State, id: string): PlanRecord | undefined {
  return sqlite.now(db.selectFrom("plans").selectAll().where("id", "=", id).where("complete", "=", 1)).rows[0];
}

/** Drops plans that ended unused before the time, with their items; those that became actions keep theirs there. */
export function dropPlans({ sqlite, db }: State, before: number): void {
  sqlite.atOnce(() => {
    const ended = db.selectFrom("plans").select("id").where("expires", "<", before);
    sqlite.now(db.deleteFrom("plan_items").where("plan", "in", ended));
    sqlite.now(db.deleteFrom("plans").where("expires", "<", before).where("used_by", "is", null));
  });
}
