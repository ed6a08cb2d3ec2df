"use client";

import { useState } from "react";
import { Button } from "./button";
import { Input, Select } from "./field";
import { useUrlState } from "./url-state";

export const windows = [
  ["15m", "Last 15 minutes"],
  ["1h", "Last hour"],
  ["6h", "Last 6 hours"],
  ["24h", "Last 24 hours"],
  ["7d", "Last 7 days"],
  ["30d", "Last 30 days"],
  ["all", "All history"],
] as const;

export type Window = { from?: string; to?: string; last?: string };

/** The window of time in the address: `last`, or `from` and `to`. */
export function useWindow(standard = "1h"): Window {
  const { search } = useUrlState();
  const from = search.get("from") ?? undefined;
  const to = search.get("to") ?? undefined;
  if (from || to) return { from, to };
  return { last: search.get("last") ?? standard };
}

export function WindowSelect({ standard = "1h" }: { standard?: string }) {
  const { set } = useUrlState();
  const window = useWindow(standard);
  const [own, setOwn] = useState(false);
  const absolute = !window.last;
  return (
    <div className="flex flex-wrap items-center gap-1.5">
      <Select
        aria-label="Window of time"
        value={absolute || own ? "own" : window.last}
        onChange={(event) => {
          if (event.target.value === "own") return setOwn(true);
          setOwn(false);
          set({ last: event.target.value, from: null, to: null }, "push");
        }}
      >
        {windows.map(([value, label]) => (
          <option key={value} value={value}>
            {label}
          </option>
        ))}
        {window.last && !windows.some(([value]) => value === window.last) ? (
          <option value={window.last}>Last {window.last}</option>
        ) : null}
        <option value="own">From … to …</option>
      </Select>
      {absolute || own ? (
        <form
          key={`${window.from}${window.to}`}
          className="flex flex-wrap items-center gap-1.5"
          onSubmit={(event) => {
            event.preventDefault();
            const form = new FormData(event.currentTarget);
            setOwn(false);
            set({ from: iso(form.get("from")), to: iso(form.get("to")), last: null }, "push");
          }}
        >
          <Input
            aria-label="From"
            name="from"
            type="datetime-local"
            step={1}
            className="w-auto"
            defaultValue={local(window.from)}
          />
          <Input
            aria-label="To"
            name="to"
            type="datetime-local"
            step={1}
            className="w-auto"
            defaultValue={local(window.to)}
          />
          <Button type="submit">Show</Button>
        </form>
      ) : null}
    </div>
  );
}

const iso = (value: FormDataEntryValue | null) => {
  const at = new Date(String(value ?? ""));
  return Number.isNaN(at.getTime()) ? null : at.toISOString();
};
const local = (value?: string) => {
  if (!value) return "";
  const at = new Date(value);
  return new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 19);
};
