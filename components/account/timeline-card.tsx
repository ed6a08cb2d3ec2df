"use client";

import { useMemo, useState } from "react";
import type { Timeline } from "../../lib/api/accounts";
import { Button } from "../ui/button";
import { Card } from "../ui/card";
import { formatCount, formatDuration } from "../ui/format";
import { later } from "../ui/later";
import { Raw } from "../ui/raw";
import { Empty, ErrorState, Loading, Note, Skeleton } from "../ui/states";
import { Table, Td, Th } from "../ui/table";
import { Time } from "../ui/time-ago";
import { useUrlState } from "../ui/url-state";
import { useCall } from "../ui/use-call";
import type { Window } from "../ui/window-select";
import { noLines } from "./line-kinds";
import { layersOf } from "./timeline-data";

const Chart = later(
  () => import("./timeline-chart").then((file) => file.default),
  <Skeleton className="h-56 w-full" />,
);

export function TimelineCard({ host, account, window }: { host: string; account: string; window: Window }) {
  const { set } = useUrlState();
  const [table, setTable] = useState(false);
  const answer = useCall(
    "accountTimeline",
    { params: { host, account }, query: { ...window, buckets: 240 } },
    { keep: true },
  );
  const data = answer.data;
  const layers = useMemo(() => data && layersOf(data), [data]);
  /** The lines of one bucket: the window becomes the bucket, so that the link shows the same to a colleague. */
  const linesOf = (at: string, lines: string) => {
    if (!data) return;
    const to = new Date(Math.min(Date.parse(at) + data.bucketSeconds * 1000, Date.parse(data.to))).toISOString();
    set({ ...noLines, from: at, to, last: null, lines }, "push");
  };
  const quiet = data?.buckets.every((one) => one.messages + one.rejects + one.failedLogins + one.sessions === 0);
  return (
    <Card
      title="Timeline"
      side={
        <div className="flex items-center gap-2">
          {data ? <span className="text-[12px] text-muted">one bar: {formatDuration(data.bucketSeconds)}</span> : null}
          <Button size="small" aria-pressed={table} onClick={() => setTable(!table)}>
            {table ? "Show chart" : "Show table"}
          </Button>
        </div>
      }
    >
      {answer.isError ? <ErrorState error={answer.error} retry={() => answer.refetch()} compact /> : null}
      {answer.isPending ? <Loading rows={5} /> : null}
      {data?.gaps.map((gap) => (
        <div key={gap.at} className="mb-2">
          <Note>
            At <Time at={gap.at} /> the log itself lost{" "}
            {gap.missing === null ? "lines" : `${formatCount(gap.missing)} lines`}: <Raw>{gap.reason}</Raw>
          </Note>
        </div>
      ))}
      {quiet ? <Empty title="Nothing happened in this window" /> : null}
      {data && layers && !quiet ? (
        table ? (
          <Buckets data={data} onLines={linesOf} />
        ) : (
          <>
            <Chart
              data={layers}
              onRange={(from, to) => set({ from, to, last: null }, "push")}
              onBar={(index) => {
                const bar = data.buckets[index];
                if (bar) linesOf(bar.at, bar.messages > 0 || bar.rejects === 0 ? "messages" : "rejects");
              }}
            />
            <ul
              aria-label={layers.of === "networks" ? "Networks" : "Countries"}
              className="mt-2 flex flex-wrap gap-x-4 gap-y-0.5 text-[12px]"
            >
              {layers.layers.map((layer) => (
                <li key={layer.label} className="flex items-center gap-1.5">
                  <span aria-hidden className="size-2.5 rounded-xs" style={{ background: layer.colour }} />
                  {layer.rest ? (
                    <span className="font-mono">{layer.label}</span>
                  ) : (
                    <button
                      type="button"
                      className="link font-mono"
                      onClick={() =>
                        set(
                          {
                            ...noLines,
                            lines: "messages",
                            [layers.of === "networks" ? "network" : "country"]: layer.label,
                          },
                          "push",
                        )
                      }
                    >
                      {layer.label}
                    </button>
                  )}
                  <span className="text-muted">
                    {layer.country} {formatCount(layer.messages)}
                  </span>
                </li>
              ))}
              <li className="flex items-center gap-1.5">
                <span aria-hidden className="h-0.5 w-3 bg-danger" /> rejects
              </li>
              <li className="flex items-center gap-1.5">
                <span aria-hidden className="h-0.5 w-3 bg-warn" /> failed logins
              </li>
            </ul>
            <p className="mt-1 text-[12px] text-muted">
              Drag over the chart to look closer; press a bar for its log lines.
            </p>
          </>
        )
      ) : null}
    </Card>
  );
}

const columns = [
  ["Messages", "messages", "messages"],
  ["Recipients", "recipients", "recipients"],
  ["Sessions", "sessions", "sessions"],
  ["Rejects", "rejects", "rejects"],
  ["Failed logins", "failedLogins", "failedLogins"],
  ["Delivered", "delivered", "deliveries"],
  ["Bounced", "bounced", "bounces"],
  ["Deferred", "deferred", "deferrals"],
] as const;

function Buckets({ data, onLines }: { data: Timeline; onLines: (at: string, lines: string) => void }) {
  const rows = data.buckets.filter((one) => one.messages + one.rejects + one.failedLogins + one.sessions > 0);
  return (
    <div className="max-h-96 overflow-auto">
      <Table label="Timeline as a table">
        <thead>
          <tr>
            <Th>From</Th>
            {columns.map(([label]) => (
              <Th key={label} end>
                {label}
              </Th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((one) => (
            <tr key={one.at}>
              <Td className="whitespace-nowrap">
                <Time at={one.at} />
              </Td>
              {columns.map(([label, key, lines]) => (
                <Td key={label} end>
                  {one[key] > 0 ? (
                    <button type="button" className="link" onClick={() => onLines(one.at, lines)}>
                      {formatCount(one[key])}
                    </button>
                  ) : (
                    0
                  )}
                </Td>
              ))}
            </tr>
          ))}
        </tbody>
      </Table>
    </div>
  );
}
