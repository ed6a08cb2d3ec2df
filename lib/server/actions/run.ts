import "server-only";
import type { MessageIdentity } from "../../core/queue";
import type { QueueId } from "../../core/queue-id";
import type { Kind } from "../../core/safe-action";
import {
  type ActionRecord,
  changeAction,
  changeItems,
  findAction,
  type ItemChange,
  itemsFrom,
  outcomeCounts,
} from "../../store/state/actions";
import type { State } from "../../store/state/open";
import type { ActionItemRow } from "../../store/state/tables";
import { publish } from "../bus";
import { breathe } from "../queue/snapshot";
import type { HostCalls } from "./host-calls";

/**
 * Messages a call to the host. Each call walks the host's queue directories once, so few large calls are fast; between
 * two of them a cancel is heeded and the pages hear how far it is.
 */
const batch = 10_000;

/** An admin stopped the run between two batches. */
export class Cancelled extends Error {}

/** The closed set of what an item's last known step can be; `…ing` is written before the host is asked. */
export type Stage =
  | "holding"
  | "held"
  | "checked"
  | "kept"
  | "dropping"
  | "dropped"
  | "releasing"
  | "released"
  | "requeueing"
  | "requeued"
  | "asked"
  | "restoring"
  | "restored"
  | "not-restored"
  | "back";
export type Change = Omit<ItemChange, "stage"> & { stage?: Stage };
type Only = { open?: true; outcome?: string; stages?: (Stage | null)[] };

/**
 * One action being run, or undone. What it knows stands in the store, item by item: a run that ends anywhere is gone on
 * with from there by making a new Run of the same action.
 */
export class Run {
  private told = 0;
  /** Messages a call; a test makes it small. */
  batch = batch;
  /** All items, as they stand in the store; a change puts a new object in an item's place. */
  private items: ActionItemRow[] | undefined;
  constructor(
    readonly state: State,
    readonly action: ActionRecord,
    readonly calls: HostCalls,
    /** Waiting, as a test can do it. */
    readonly sleep: (ms: number) => Promise<void> = (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
    private readonly stopping: () => boolean = () => false,
  ) {}

  get kind(): Kind {
    return this.action.kind as Kind;
  }

  stage(name: string): void {
    changeAction(this.state, this.action.id, { stage: name });
    this.tell(true);
  }

  /** Calls with slices of the items, in the plan's order, each item once; a cancel is heeded between slices. */
  async slices(only: Only, size: number, work: (items: ActionItemRow[]) => Promise<void>): Promise<void> {
    const all = await this.read();
    for (let at = 0; ; ) {
      this.heed();
      const items: ActionItemRow[] = [];
      for (; at < all.length && items.length < size; at++) {
        const item = all[at] as ActionItemRow;
        if (matches(item, only)) items.push(item);
      }
      if (items.length === 0) return;
      await work(items);
      this.tell();
    }
  }

  private async read(): Promise<ActionItemRow[]> {
    if (this.items) return this.items;
    const all: ActionItemRow[] = [];
    for (let part: ActionItemRow[]; ; await breathe()) {
      part = itemsFrom(this.state, this.action.id, all.length, 5000);
      for (const item of part) all.push(item);
      if (part.length < 5000) break;
    }
    this.items = all;
    return all;
  }

  /** On disk when it settles. Written in parts, so that other work runs between; each item is whole by itself. */
  async change(changes: Change[]): Promise<void> {
    const all = await this.read();
    for (let at = 0; at < changes.length; at += 5000) {
      if (at > 0) await breathe();
      const part = changes.slice(at, at + 5000);
      changeItems(this.state, this.action.id, part);
      for (const change of part) all[change.n] = { ...(all[change.n] as ActionItemRow), ...change };
    }
  }

  /** Throws where the process is to end or, for a run and not for an undo, where an admin cancelled. */
  heed(): void {
    if (this.stopping()) throw new Stopping();
    const now = findAction(this.state, this.action.id);
    if (now?.state === "running" && wasCancelled(now)) throw new Cancelled();
  }

  /** Counts anew and tells the pages, a few times a second at most. */
  tell(always = false): void {
    if (!always && Date.now() - this.told < 300) return;
    this.told = Date.now();
    const { id } = this.action;
    const done = outcomeCounts(this.state, id).find(({ outcome }) => outcome === "done")?.messages ?? 0;
    const now = findAction(this.state, id);
    if (!now) return;
    if (now.done !== done) changeAction(this.state, id, { done });
    publish("action", { id, host: now.host, state: now.state, stage: now.stage, done, planned: now.planned });
  }
}

function matches(item: ActionItemRow, { open, outcome, stages }: Only): boolean {
  if (open && item.outcome !== null) return false;
  if (outcome !== undefined && item.outcome !== outcome) return false;
  return stages === undefined || stages.includes(item.stage as Stage | null);
}

/** The process ends; the run is gone on with by the next one. */
export class Stopping extends Error {}

export const wasCancelled = (action: ActionRecord): boolean => Boolean(JSON.parse(action.detail).cancelledBy);

export const named = ({ instance, id }: ActionItemRow) => ({ instance, id });
export const keyOf = (of: { instance: string; id: string }): string => `${of.instance}/${of.id}`;
/** Whether it was this action that put the message on hold, so that taking it back is to release it. */
export const ours = (item: ActionItemRow): boolean => item.queue !== "hold";

export function identityOf(item: ActionItemRow): MessageIdentity {
  const { instance, arrival, size, sender, account } = item;
  return { instance, id: item.id as QueueId, arrival, size, sender, account };
}

/** Rows by message, so that one that is missing shows. */
export const byKey = <R extends { instance: string; id: string }>(rows: readonly R[]): Map<string, R> =>
  new Map(rows.map((row) => [keyOf(row), row]));
