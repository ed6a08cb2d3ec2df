import type { Action, ActionKind } from "../../lib/api/actions";

/** What an action is called, and what it does, in a sentence. */
export const verbs: Record<ActionKind, { label: string; sentence: string; done: string; danger: boolean }> = {
  hold: {
    label: "Hold",
    sentence: "It stays in the queue and is not delivered until released.",
    done: "held",
    danger: false,
  },
  release: { label: "Release", sentence: "It goes from hold back to delivery.", done: "released", danger: false },
  requeue: {
    label: "Requeue",
    sentence: "It goes through the queue anew, under new ids.",
    done: "requeued",
    danger: false,
  },
  flush: { label: "Flush", sentence: "Delivery is tried now.", done: "flushed", danger: false },
  purge: {
    label: "Purge",
    sentence: "It is held, identified, archived on the host and then deleted from the queue. It can be brought back.",
    done: "archived and deleted",
    danger: true,
  },
  aside: {
    label: "Move aside",
    sentence: "It is taken off the queue into an archive, to be brought back later.",
    done: "moved aside",
    danger: false,
  },
};

export const skips: Record<Action["skipped"][number]["reason"], string> = {
  gone: "had left the queue before",
  changed: "had changed: another message under the same id",
  delivered: "had been delivered already",
  "in-delivery": "were in delivery",
  "other-account": "belong to another account",
  cancelled: "not done: cancelled",
  error: "failed",
  unknown: "outcome not known",
};

export const states: Record<Action["state"], string> = {
  waiting: "waiting",
  running: "running",
  done: "done",
  failed: "failed",
  cancelled: "cancelled",
  undoing: "being undone",
  undone: "undone",
};

export const isRunning = (state: Action["state"]) => state === "waiting" || state === "running" || state === "undoing";

/** Seconds left at the present rate; null where it cannot be told. */
export function timeLeft(action: Pick<Action, "planned" | "done" | "perSecond">): number | null {
  if (!action.perSecond || action.perSecond <= 0) return null;
  return Math.max(0, action.planned - action.done) / action.perSecond;
}

/** A filter in words: "account a@x; queue hold; not client 192.0.2.1". */
export function filterWords(filter: unknown): string {
  if (!filter || typeof filter !== "object") return "";
  const parts: string[] = [];
  for (const [key, value] of Object.entries(filter)) {
    if (value === undefined || value === null) continue;
    if (key === "except") parts.push(`not ${filterWords(value)}`);
    else if (key === "everything") parts.push("everything");
    else if (key === "ids") parts.push(`${Array.isArray(value) ? value.length : 1} chosen`);
    else
      parts.push(
        `${key} ${(Array.isArray(value) ? value : [value]).map((one) => (one === "" ? "none" : one)).join(" or ")}`,
      );
  }
  return parts.join("; ");
}
