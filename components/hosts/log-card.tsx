"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { call } from "../../lib/api/client";
import type { Host } from "../../lib/api/hosts";
import { Button } from "../ui/button";
import { Card } from "../ui/card";
import { formatBytes, formatDuration } from "../ui/format";
import { Progress } from "../ui/progress";
import { Raw } from "../ui/raw";
import { ErrorState, Note } from "../ui/states";
import { Time, TimeAgo } from "../ui/time-ago";

/** Where the log comes from, how far it is read, and the reading of its past. */
export function LogCard({ host }: { host: Host }) {
  const { log } = host;
  const client = useQueryClient();
  const pause = useMutation({
    mutationFn: (paused: boolean) => call("pauseBackfill", { params: { host: host.id }, body: { paused } }),
    onSettled: () => void client.invalidateQueries({ queryKey: ["listHosts"] }),
  });
  return (
    <Card title="Log">
      <div className="grid gap-2">
        <dl className="grid grid-cols-[8rem_minmax(0,1fr)] gap-y-1">
          <dt className="text-muted">Source</dt>
          <dd>
            <Raw mono empty="not found yet">
              {log.source}
            </Raw>
          </dd>
          <dt className="text-muted">Oldest line</dt>
          <dd>
            <Time at={log.oldest} />
          </dd>
          <dt className="text-muted">Newest line</dt>
          <dd>
            <TimeAgo at={log.newest} />
          </dd>
          <dt className="text-muted">Behind</dt>
          <dd>{formatBytes(log.behindBytes)}</dd>
        </dl>
        {log.notice ? (
          <Note>
            <Raw>{log.notice}</Raw>
          </Note>
        ) : null}
        {pause.isError ? <ErrorState error={pause.error} compact /> : null}
        {log.backfill ? (
          <div className="grid gap-1">
            <Progress done={log.backfill.done} total={log.backfill.total} label="Older history read" />
            <div className="flex flex-wrap items-center justify-between gap-2">
              <span className="text-muted">
                Older history: {formatBytes(log.backfill.done)} of {formatBytes(log.backfill.total)}
                {log.backfill.paused
                  ? ", paused"
                  : log.backfill.rate > 0
                    ? `, ${formatBytes(Math.round(log.backfill.rate))}/s, ${formatDuration((log.backfill.total - log.backfill.done) / log.backfill.rate)} left`
                    : ""}
              </span>
              <Button size="small" busy={pause.isPending} onClick={() => pause.mutate(!log.backfill?.paused)}>
                {log.backfill.paused ? "Go on reading" : "Pause reading"}
              </Button>
            </div>
          </div>
        ) : (
          <p className="text-muted">All history on the host is read.</p>
        )}
      </div>
    </Card>
  );
}
