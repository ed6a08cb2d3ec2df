"use client";

import { useSyncExternalStore } from "react";
import { formatAgo, formatTime } from "./format";

let now = typeof window === "undefined" ? 0 : Date.now();
const listeners = new Set<() => void>();
let timer: ReturnType<typeof setInterval> | undefined;

function subscribe(listener: () => void) {
  listeners.add(listener);
  timer ??= setInterval(() => {
    now = Date.now();
    for (const one of listeners) one();
  }, 1000);
  return () => {
    listeners.delete(listener);
    if (listeners.size === 0) {
      clearInterval(timer);
      timer = undefined;
    }
  };
}

/** The time, moving by the second; one clock for the whole page. 0 on the server. */
export const useNow = () =>
  useSyncExternalStore(
    subscribe,
    () => now,
    () => 0,
  );

export function TimeAgo({ at, className }: { at: string | null; className?: string }) {
  const current = useNow();
  if (!at) return <span className="text-muted">never</span>;
  return (
    <time dateTime={at} title={formatTime(at, current)} className={className}>
      {current ? formatAgo(Date.parse(at), current) : ""}
    </time>
  );
}

export function Time({ at, className }: { at: string | null; className?: string }) {
  if (!at) return <span className="text-muted">–</span>;
  return (
    <time dateTime={at} title={at} className={className} suppressHydrationWarning>
      {formatTime(at)}
    </time>
  );
}
