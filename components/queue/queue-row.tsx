// biome-ignore-all lint/a11y/useSemanticElements: rows are placed by their index, which a table element does not allow
// biome-ignore-all lint/a11y/useFocusableInteractive: a read-only table; what is in the rows takes the focus
"use client";

import type { QueueMessageRow } from "../../lib/api/queue";
import { cn } from "../ui/cn";
import { formatBytes } from "../ui/format";
import { Raw } from "../ui/raw";
import { TimeAgo } from "../ui/time-ago";

export const grid =
  "grid md:min-w-[74rem] md:grid-cols-[2rem_8.5rem_5.25rem_6.5rem_4.75rem_minmax(9.5rem,1.2fr)_minmax(9.5rem,1.4fr)_minmax(9.5rem,1.4fr)_8rem_minmax(9rem,1.6fr)]";

type Props = {
  row: QueueMessageRow;
  /** Accounts are still being read from the queue files. */
  reading: boolean;
  chosen: boolean;
  onChoose: () => void;
  onOpen: () => void;
};

/** One message. On a phone: two lines, the sender above what else is known. */
export function QueueRow({ row, reading, chosen, onChoose, onOpen }: Props) {
  const noAccount = reading ? "being read" : "none";
  const cell = "truncate px-2 py-1 max-md:p-0";
  const more = row.recipients.length > 1 ? ` +${row.recipients.length - 1}` : "";
  return (
    <div
      role="presentation"
      className={cn(
        grid,
        "h-full border-b hover:bg-sunken max-md:grid-cols-[2rem_minmax(0,1fr)_auto] max-md:items-center max-md:gap-x-2 max-md:px-2",
        chosen && "bg-accent-soft hover:bg-accent-soft",
      )}
    >
      <span role="cell" className="flex items-center justify-center max-md:row-span-2">
        <input
          type="checkbox"
          aria-label={`Choose ${row.id}`}
          checked={chosen}
          onChange={onChoose}
          className="size-4 accent-(--accent)"
        />
      </span>
      <span role="cell" className={cell}>
        <button
          type="button"
          className="link max-w-full truncate font-mono text-[12.5px]"
          onClick={onOpen}
          aria-label={`Open ${row.id}`}
        >
          {row.id}
        </button>
        <span className="ml-2 font-medium md:hidden">
          <Raw empty={noAccount}>{row.account}</Raw>
        </span>
      </span>
      <span role="cell" className={cn(cell, row.queue === "hold" && "text-warn")}>
        {row.queue}
      </span>
      <span role="cell" className={cn(cell, "text-muted max-md:hidden")}>
        <TimeAgo at={row.arrival} />
      </span>
      <span role="cell" className={cn(cell, "text-right max-md:hidden")}>
        {formatBytes(row.size)}
      </span>
      <span role="cell" className={cn(cell, "font-medium max-md:hidden")}>
        <Raw title empty={noAccount}>
          {row.account}
        </Raw>
      </span>
      <span role="cell" className={cell}>
        <Raw empty="null sender" title>
          {row.sender}
        </Raw>
      </span>
      <span role="cell" className={cn(cell, "max-md:hidden")}>
        <Raw title>{row.recipients[0]}</Raw>
        <span className="text-muted">{more}</span>
      </span>
      <span role="cell" className={cn(cell, "font-mono text-[12.5px] max-md:hidden")}>
        <Raw empty={reading ? "being read" : "local"} title>
          {row.client}
        </Raw>
      </span>
      <span role="cell" className={cn(cell, "text-muted max-md:hidden")}>
        <Raw empty="not tried yet" title>
          {row.reason}
        </Raw>
      </span>
      <span role="cell" className="text-muted text-[12px] md:hidden">
        <TimeAgo at={row.arrival} />
      </span>
    </div>
  );
}
