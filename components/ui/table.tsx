import type { ComponentProps, ReactNode } from "react";
import { cn } from "./cn";

/** A table that scrolls sideways by itself on a narrow screen, reachable by keyboard. */
export function Table({ label, className, children }: { label: string; className?: string; children: ReactNode }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard
    <section aria-label={label} tabIndex={0} className="relative overflow-x-auto -outline-offset-2">
      <table aria-label={label} className={cn("w-full border-collapse text-left", className)}>
        {children}
      </table>
    </section>
  );
}

export function Th({ end, className, ...props }: ComponentProps<"th"> & { end?: boolean }) {
  return (
    <th
      scope="col"
      {...props}
      className={cn(
        "whitespace-nowrap border-b px-3 py-1.5 font-medium text-[12px] text-muted",
        end && "text-right",
        className,
      )}
    />
  );
}

export function Td({ end, className, ...props }: ComponentProps<"td"> & { end?: boolean }) {
  return <td {...props} className={cn("border-b px-3 py-1.5 align-top", end && "text-right", className)} />;
}

export function SortTh({
  label,
  mine,
  sort,
  onSort,
  end,
}: {
  label: string;
  mine: string;
  /** Name of the sorted column, with "-" before it for descending. */
  sort: string;
  onSort: (sort: string) => void;
  end?: boolean;
}) {
  const down = sort === `-${mine}`;
  const up = sort === mine;
  return (
    <Th end={end} aria-sort={down ? "descending" : up ? "ascending" : "none"}>
      <button
        type="button"
        onClick={() => onSort(down ? mine : `-${mine}`)}
        className={cn("inline-flex items-center gap-1 rounded-sm hover:text-text", (down || up) && "text-text")}
      >
        {label}
        <span aria-hidden className="w-2 text-[10px]">
          {down ? "▼" : up ? "▲" : ""}
        </span>
      </button>
    </Th>
  );
}
