"use client";

import type { Host } from "../../lib/api/hosts";
import { HostState } from "../domain/host-state";
import { formatCount, shortCount } from "../ui/format";
import { Link } from "../ui/link";
import { Sparkline } from "../ui/sparkline";
import { TimeAgo } from "../ui/time-ago";
import { useCall } from "../ui/use-call";

const queues = ["incoming", "active", "deferred", "hold"] as const;

export function HostCard({ host }: { host: Host }) {
  const history = useCall("queueHistory", { params: { host: host.id }, query: { hours: 24 } }, { every: 60_000 });
  const stale = host.state === "down" || host.state === "connecting";
  const sizes = history.data?.map((point) => point.incoming + point.active + point.deferred + point.hold) ?? [];
  return (
    <section aria-label={host.name} className="min-w-0 rounded-lg border bg-surface">
      <div className="flex items-center justify-between gap-2 px-3 pt-2">
        <Link href={`/hosts/${host.id}`} className="link truncate font-semibold">
          {host.name}
        </Link>
        <HostState host={host} />
      </div>
      <div className="flex items-end gap-3 px-3 pt-1">
        <dl className="grid flex-1 grid-cols-4 gap-1">
          {queues.map((queue) => (
            <div key={queue} className="flex min-w-0 flex-col-reverse justify-end">
              <dt className="label">{queue}</dt>
              <dd className={stale ? "text-muted" : ""}>
                {host.queue ? (
                  <Link
                    href={`/hosts/${host.id}/queue?queue=${queue}`}
                    className="font-semibold text-[18px] leading-6 hover:underline"
                    aria-label={`${formatCount(host.queue[queue])} in ${queue} on ${host.name}`}
                  >
                    {shortCount(host.queue[queue])}
                  </Link>
                ) : (
                  <span className="text-[18px]">–</span>
                )}
              </dd>
            </div>
          ))}
        </dl>
        <div className="w-24 shrink-0">
          <Sparkline values={sizes} label={`Queue size of ${host.name} over 24 hours`} />
        </div>
      </div>
      <div className="flex flex-wrap items-center justify-between gap-x-3 px-3 pt-1 pb-2 text-[12px] text-muted">
        <span>
          {host.asOf ? (
            <>
              counted <TimeAgo at={host.asOf} />
            </>
          ) : (
            "not counted yet"
          )}
        </span>
        <span className="flex gap-3">
          <Link href={`/hosts/${host.id}/queue`} className="link" aria-label={`Queue of ${host.name}`}>
            Queue
          </Link>
          <Link href={`/hosts/${host.id}/accounts`} className="link" aria-label={`Accounts of ${host.name}`}>
            Accounts
          </Link>
        </span>
      </div>
    </section>
  );
}
