"use client";

import { Ban } from "lucide-react";
import { useState } from "react";
import type { GroupKey, QueueGroup, QueueGroups } from "../../lib/api/queue";
import { cn } from "../ui/cn";
import { formatCount, formatDuration } from "../ui/format";
import { Raw } from "../ui/raw";
import { ErrorState, Loading } from "../ui/states";
import { useSteady } from "../ui/steady";
import { useUrlState } from "../ui/url-state";
import { useCall } from "../ui/use-call";
import { visibleText } from "../ui/visible-text";
import { ageBounds, type ExceptKey, exceptKeys, exceptParam } from "./filter-url";

const groups: [GroupKey, string, string][] = [
  ["account", "Account", "no account"],
  ["sender", "Sender", "null sender"],
  ["senderDomain", "Sender domain", "null sender"],
  ["client", "Client", "local"],
  ["recipientDomain", "Recipient domain", "none"],
  ["reason", "Reason", "not tried yet"],
  ["age", "Age", "unknown"],
  ["instance", "Instance", "postfix"],
];

export function Facets({ host, query }: { host: string; query: Record<string, string | string[] | undefined> }) {
  return (
    <aside aria-label="Groups" className="grid grid-cols-[minmax(0,1fr)] gap-2">
      {groups.map(([group, label, none]) => (
        <Facet
          key={group}
          host={host}
          query={query}
          group={group}
          label={label}
          none={none}
          start={group === "account" || group === "senderDomain"}
        />
      ))}
    </aside>
  );
}

type FacetProps = {
  host: string;
  query: Record<string, string | string[] | undefined>;
  group: GroupKey;
  label: string;
  none: string;
  start: boolean;
};

function Facet({ host, query, group, label, none, start }: FacetProps) {
  const [open, setOpen] = useState(start);
  const [all, setAll] = useState(false);
  // A group shows what could be chosen beside what is chosen: its own filter is left out.
  const others = {
    ...query,
    [group]: undefined,
    ...(group === "age" ? { olderThan: undefined, youngerThan: undefined } : {}),
  };
  const args = { params: { host }, query: { ...others, group, limit: all ? 200 : 8 } };
  const answer = useCall("queue", args, { enabled: open, keep: true });
  const steady = useSteady(answer.data as QueueGroups | undefined, JSON.stringify(args));
  return (
    <details
      open={open}
      onToggle={(event) => setOpen(event.currentTarget.open)}
      className="rounded-lg border bg-surface"
      {...steady.bind}
    >
      <summary className="px-3 py-1.5 font-semibold text-[13px]">{label}</summary>
      <div className="border-t py-1">
        {answer.isError ? <ErrorState error={answer.error} retry={() => answer.refetch()} compact /> : null}
        {answer.isPending ? <Loading rows={3} /> : null}
        {steady.value?.groups.length === 0 ? <p className="px-3 py-1 text-muted">Nothing here.</p> : null}
        <ul>
          {steady.value?.groups.map((row) => (
            <Choice key={row.key ?? "\0"} row={row} group={group} label={label} none={none} />
          ))}
        </ul>
        {!all && (steady.value?.groups.length ?? 0) >= 8 ? (
          <button type="button" className="link mx-3 my-1 text-[12px]" onClick={() => setAll(true)}>
            Show more
          </button>
        ) : null}
      </div>
    </details>
  );
}

function Choice({ row, group, label, none }: { row: QueueGroup; group: GroupKey; label: string; none: string }) {
  const { search, set } = useUrlState();
  const value = row.key ?? "";
  const bounds = group === "age" ? ageBounds(value) : undefined;
  const on = bounds
    ? (search.get("olderThan") ?? undefined) === bounds.olderThan &&
      (search.get("youngerThan") ?? undefined) === bounds.youngerThan
    : search.getAll(group).includes(value);
  const press = () => {
    if (group === "age") {
      set({ olderThan: (!on && bounds?.olderThan) || null, youngerThan: (!on && bounds?.youngerThan) || null }, "push");
      return;
    }
    const chosen = search.getAll(group);
    set({ [group]: on ? chosen.filter((one) => one !== value) : [...chosen, value] }, "push");
  };
  const name = value === "" ? none : visibleText(group === "age" ? ageText(value) : value);
  const except = exceptKeys.includes(group as ExceptKey) ? exceptParam(group as ExceptKey) : null;
  return (
    <li className="group flex items-center">
      <button
        type="button"
        aria-pressed={on}
        aria-label={`${label} ${name}, ${formatCount(row.messages)} messages`}
        onClick={press}
        className={cn(
          "flex min-w-0 flex-1 items-center justify-between gap-2 py-0.5 pr-2 pl-3 text-left text-[13px] -outline-offset-2 hover:bg-sunken",
          on && "bg-accent-soft font-medium",
        )}
      >
        <span className="truncate" title={name}>
          {group === "age" && value ? ageText(value) : <Raw empty={none}>{value}</Raw>}
        </span>
        <span className="text-muted">{formatCount(row.messages)}</span>
      </button>
      {except ? (
        <button
          type="button"
          aria-label={`All but ${label.toLowerCase()} ${name}`}
          title="All but these"
          onClick={() => set({ [except]: [...search.getAll(except), value] }, "push")}
          className="mr-1 inline-flex size-6 shrink-0 items-center justify-center rounded-sm text-muted hover:bg-sunken hover:text-danger"
        >
          <Ban aria-hidden className="size-3.5" />
        </button>
      ) : null}
    </li>
  );
}

function ageText(key: string): string {
  const bounds = ageBounds(key);
  if (!bounds) return key;
  if (!bounds.olderThan) return `under ${formatDuration(Number(bounds.youngerThan))}`;
  if (!bounds.youngerThan) return `over ${formatDuration(Number(bounds.olderThan))}`;
  return `${formatDuration(Number(bounds.olderThan))} to ${formatDuration(Number(bounds.youngerThan))}`;
}
