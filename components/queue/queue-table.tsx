// biome-ignore-all lint/a11y/useSemanticElements: rows are placed by their index, which a table element does not allow
// biome-ignore-all lint/a11y/useFocusableInteractive: a read-only table; what is in the rows takes the focus
"use client";

import { useInfiniteQuery } from "@tanstack/react-query";
import { useEffect, useMemo, useRef, useState } from "react";
import { call } from "../../lib/api/client";
import type { FilterInput, QueueGroups, QueueMessageRow, QueueMessages } from "../../lib/api/queue";
import { ActionBar } from "../action/action-bar";
import { Card } from "../ui/card";
import { Select } from "../ui/field";
import { formatCount } from "../ui/format";
import { Empty, ErrorState, Loading } from "../ui/states";
import { NewerPill } from "../ui/steady";
import { TimeAgo } from "../ui/time-ago";
import { useUrlState } from "../ui/url-state";
import { filterOf } from "./filter-url";
import { grid, QueueRow } from "./queue-row";
import { useNarrow } from "./use-narrow";
import { useVisibleRows } from "./use-visible-rows";

const pageSize = 1000;
const nameOf = (row: QueueMessageRow) => `${row.instance}/${row.id}`;
type Props = {
  host: string;
  query: Record<string, string | string[] | undefined>;
  listing: QueueGroups | undefined;
};

/** The messages that match, loaded by the thousand as one scrolls. */
export function QueueTable({ host, query, listing }: Props) {
  const { search, set } = useUrlState();
  const sort = search.get("sort") ?? "-arrival";
  const rows = useInfiniteQuery({
    queryKey: ["queueRows", { host }, { ...query, sort }],
    queryFn: async ({ pageParam, signal }) =>
      (await call("queue", {
        params: { host },
        query: { ...query, sort, limit: pageSize, cursor: pageParam },
        signal,
      })) as QueueMessages,
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.next ?? undefined,
    refetchOnWindowFocus: false,
  });
  const messages = useMemo(() => rows.data?.pages.flatMap((page) => page.messages) ?? [], [rows.data]);
  const first = rows.data?.pages[0];
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const filterKey = JSON.stringify(query);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another filter, another choice
  useEffect(() => setChosen(new Set()), [filterKey]);

  const box = useRef<HTMLDivElement>(null);
  const inside = useRef(false);
  const narrow = useNarrow();
  const rowHeight = narrow ? 62 : 31;
  const count = messages.length + (rows.hasNextPage ? 1 : 0);
  const { first: start, last: end } = useVisibleRows(box, rowHeight, count);
  const { hasNextPage, isFetchingNextPage, isFetching, fetchNextPage, refetch } = rows;
  useEffect(() => {
    if (hasNextPage && !isFetchingNextPage && end >= messages.length - 200) void fetchNextPage();
  }, [end, messages.length, hasNextPage, isFetchingNextPage, fetchNextPage]);

  const newer = Boolean(first && listing && Date.parse(listing.asOf) > Date.parse(first.asOf));
  useEffect(() => {
    // At the top, unread and untouched: newer rows come by themselves. Otherwise they wait for a press.
    if (newer && !isFetching && !inside.current && (box.current?.scrollTop ?? 0) < 40) void refetch();
  }, [newer, isFetching, refetch]);

  const ids = [...chosen];
  const filter: FilterInput = ids.length ? { ids } : filterOf(new URLSearchParams(search.toString()));
  const matched = listing?.matched ?? first?.matched ?? 0;
  const toggle = (row: QueueMessageRow) => {
    const next = new Set(chosen);
    if (!next.delete(nameOf(row))) next.add(nameOf(row));
    setChosen(next);
  };
  return (
    <Card
      flush
      title={
        <span aria-live="polite">
          {first ? `${formatCount(matched)} of ${formatCount(listing?.total ?? first.total)} messages` : "Messages"}
        </span>
      }
      side={
        <div className="flex flex-wrap items-center gap-2">
          <NewerPill held={newer} show={() => void refetch()} />
          {first ? (
            <span className="text-[12px] text-muted">
              {first.unresolved ? `${formatCount(first.unresolved)} accounts being read, ` : ""}listed{" "}
              <TimeAgo at={first.asOf} />
            </span>
          ) : null}
          <Select
            aria-label="Sort"
            className="h-7 text-[12px]"
            value={sort}
            onChange={(event) => set({ sort: event.target.value })}
          >
            <option value="-arrival">Newest first</option>
            <option value="arrival">Oldest first</option>
            <option value="-size">Largest first</option>
            <option value="size">Smallest first</option>
          </Select>
        </div>
      }
    >
      <ActionBar
        host={host}
        filter={filter}
        count={ids.length || matched}
        chosen={ids.length > 0}
        onClear={() => setChosen(new Set())}
        disabled={!first || !(listing ?? first).complete || matched === 0}
      />
      {rows.isError && !first ? <ErrorState error={rows.error} retry={() => refetch()} /> : null}
      {rows.isPending ? <Loading rows={12} label="Listing the queue" /> : null}
      {first && messages.length === 0 ? (
        <Empty title={first.total === 0 ? "The queue is empty" : "No message matches"}>
          {first.total === 0 ? "Nothing waits on this host." : "Take a filter away to see more."}
        </Empty>
      ) : null}
      {messages.length ? (
        <div
          ref={box}
          role="table"
          aria-label="Messages"
          aria-rowcount={matched + 1}
          // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard
          tabIndex={0}
          className="h-[max(20rem,calc(100dvh-24rem))] overflow-auto -outline-offset-2"
          onPointerEnter={() => {
            inside.current = true;
          }}
          onPointerLeave={() => {
            inside.current = false;
          }}
        >
          <div
            role="row"
            aria-rowindex={1}
            className={`${grid} sticky top-0 z-10 border-b bg-surface text-[12px] text-muted max-md:hidden`}
          >
            {["", "Id", "Queue", "Age", "Size", "Account", "Sender", "Recipients", "Client", "Reason"].map((label) => (
              <span key={label} role="columnheader" className="truncate px-2 py-1 font-medium">
                {label || <span className="sr-only">Choose</span>}
              </span>
            ))}
          </div>
          <div role="rowgroup" className="relative md:min-w-[74rem]" style={{ height: count * rowHeight }}>
            {Array.from({ length: Math.max(0, Math.min(end, count) - start) }, (_, nth) => {
              const index = start + nth;
              const row = messages[index];
              return (
                <div
                  key={row ? nameOf(row) : "more"}
                  role="row"
                  aria-rowindex={index + 2}
                  className="absolute inset-x-0 top-0"
                  style={{ height: rowHeight, transform: `translateY(${index * rowHeight}px)` }}
                >
                  {row ? (
                    <QueueRow
                      row={row}
                      reading={(first?.unresolved ?? 0) > 0 && row.sender !== ""}
                      chosen={chosen.has(nameOf(row))}
                      onChoose={() => toggle(row)}
                      onOpen={() => set({ id: row.id, in: row.instance }, "push")}
                    />
                  ) : (
                    <span role="cell" className="block px-3 py-1 text-muted">
                      Loading more …
                    </span>
                  )}
                </div>
              );
            })}
          </div>
        </div>
      ) : null}
    </Card>
  );
}
