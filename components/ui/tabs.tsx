"use client";

import type { KeyboardEvent, ReactNode } from "react";
import { cn } from "./cn";
import { useUrlState } from "./url-state";

/** Tabs whose choice is in the address. Arrow keys move between them. */
export function Tabs({
  label,
  tabs,
  param = "tab",
}: {
  label: string;
  tabs: [string, string, ReactNode][];
  param?: string;
}) {
  const { search, set } = useUrlState();
  const chosen = tabs.find(([id]) => id === search.get(param)) ?? tabs[0];
  const onKey = (event: KeyboardEvent<HTMLDivElement>) => {
    const step = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
    if (!step || !chosen) return;
    const next = tabs[(tabs.indexOf(chosen) + step + tabs.length) % tabs.length];
    if (!next) return;
    set({ [param]: next[0] });
    document.getElementById(`${param}-${next[0]}`)?.focus();
  };
  return (
    <div>
      <div role="tablist" aria-label={label} className="mb-3 flex gap-1 overflow-x-auto border-b" onKeyDown={onKey}>
        {tabs.map(([id, name]) => {
          const on = id === chosen?.[0];
          return (
            <button
              key={id}
              id={`${param}-${id}`}
              type="button"
              role="tab"
              aria-selected={on}
              aria-controls={on ? `${param}-panel` : undefined}
              tabIndex={on ? 0 : -1}
              onClick={() => set({ [param]: id })}
              className={cn(
                "-mb-px whitespace-nowrap border-b-2 px-3 py-1.5 -outline-offset-2",
                on ? "border-accent font-medium" : "border-transparent text-muted hover:text-text",
              )}
            >
              {name}
            </button>
          );
        })}
      </div>
      <div id={`${param}-panel`} role="tabpanel" aria-labelledby={`${param}-${chosen?.[0]}`}>
        {chosen?.[2]}
      </div>
    </div>
  );
}
