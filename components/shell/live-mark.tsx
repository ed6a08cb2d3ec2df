"use client";

import { cn } from "../ui/cn";
import { useLive } from "../ui/live";

const words = { connecting: "Connecting", live: "Live", down: "Polling" } as const;

/** Whether news comes by itself, or is asked for every few seconds. */
export function LiveMark() {
  const { state } = useLive();
  return (
    <span
      role="status"
      title={
        state === "down" ? "The live connection is lost; the page asks every 5 seconds until it is back." : undefined
      }
      className="flex items-center gap-1.5 text-[12px] text-muted"
    >
      <span
        aria-hidden
        className={cn(
          "size-2 rounded-full",
          state === "live" ? "bg-good" : state === "down" ? "bg-warn" : "bg-strong-line",
        )}
      />
      <span className="max-sm:sr-only">{words[state]}</span>
    </span>
  );
}
