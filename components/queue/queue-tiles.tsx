"use client";

import { cn } from "../ui/cn";
import { formatCount } from "../ui/format";
import { TimeAgo } from "../ui/time-ago";
import { useUrlState } from "../ui/url-state";
import { useCall } from "../ui/use-call";

const queues = ["incoming", "active", "deferred", "hold", "maildrop", "corrupt"] as const;

/** Files in each queue, counted every few seconds; a press shows one queue alone. */
export function QueueTiles({ host }: { host: string }) {
  const hosts = useCall("listHosts");
  const { search, set } = useUrlState();
  const here = hosts.data?.find((one) => one.id === host);
  const chosen = search.getAll("queue");
  return (
    <div>
      <div className="grid grid-cols-3 gap-px overflow-hidden rounded-lg border bg-line sm:grid-cols-6">
        {queues.map((queue) => {
          const on = chosen.length === 1 && chosen[0] === queue;
          const n = here?.queue?.[queue];
          return (
            <button
              key={queue}
              type="button"
              aria-pressed={on}
              onClick={() => set({ queue: on ? null : queue }, "push")}
              className={cn("bg-surface px-3 py-2 text-left -outline-offset-2 hover:bg-sunken", on && "bg-accent-soft")}
            >
              <span className="label block">{queue}</span>
              <span
                className={cn(
                  "block font-semibold text-[18px] leading-6",
                  queue === "corrupt" && n ? "text-danger" : n ? "" : "text-muted",
                )}
              >
                {n === undefined ? "–" : formatCount(n)}
              </span>
            </button>
          );
        })}
      </div>
      {here?.asOf ? (
        <p className="mt-1 text-[12px] text-muted">
          counted <TimeAgo at={here.asOf} />
        </p>
      ) : null}
    </div>
  );
}
