"use client";

import type { ReactNode } from "react";
import { PageHead } from "../ui/card";
import { cn } from "../ui/cn";
import { nextStep } from "../ui/error-text";
import { Link } from "../ui/link";
import { Raw } from "../ui/raw";
import { Note } from "../ui/states";
import { TimeAgo } from "../ui/time-ago";
import { useCall } from "../ui/use-call";
import { HostState } from "./host-state";

const tabs = [
  ["queue", "Queue", "/queue"],
  ["accounts", "Accounts", "/accounts"],
  ["host", "Host", ""],
] as const;

/** Head of every page of one host: its name and state, its pages, and what is wrong with it. */
export function HostHead({ id, page, side, title }: { id: string; page: string; side?: ReactNode; title?: ReactNode }) {
  const hosts = useCall("listHosts");
  const host = hosts.data?.find((one) => one.id === id);
  return (
    <>
      <PageHead
        title={title ?? host?.name ?? id}
        sub={
          <nav aria-label="Pages of the host" className="mt-1 flex flex-wrap items-center gap-1">
            {title ? <span className="mr-1">{host?.name ?? id}</span> : null}
            {tabs.map(([name, label, path]) => (
              <Link
                key={name}
                href={`/hosts/${id}${path}`}
                aria-current={name === page ? "page" : undefined}
                className={cn(
                  "rounded-md px-2 py-0.5 hover:bg-sunken",
                  name === page && "bg-sunken font-medium text-text",
                )}
              >
                {label}
              </Link>
            ))}
            {host ? <HostState host={host} /> : null}
          </nav>
        }
        side={side}
      />
      {host?.problem ? (
        <div className="mb-3">
          <Note tone={host.state === "down" ? "danger" : "warn"} role="status">
            <Raw className="font-medium">{host.problem.message}</Raw> {nextStep(host.problem.code)}{" "}
            {host.state === "down" && host.asOf ? (
              <>
                What is shown is from <TimeAgo at={host.asOf} />.{" "}
              </>
            ) : null}
            {host.problem.code === "host_key_changed" ? (
              <Link href={`/hosts/${id}#host-key`} className="link">
                Compare the host keys
              </Link>
            ) : (
              <Link href={`/hosts/${id}#check`} className="link">
                Run the host check
              </Link>
            )}
            {host.problem.detail ? (
              <Raw mono lines className="mt-1 block max-h-24 overflow-auto text-muted">
                {host.problem.detail}
              </Raw>
            ) : null}
          </Note>
        </div>
      ) : null}
      {hosts.data && !host ? (
        <div className="mb-3">
          <Note tone="danger" role="alert">
            There is no host <Raw mono>{id}</Raw>.{" "}
            <Link href="/hosts" className="link">
              See all hosts
            </Link>
          </Note>
        </div>
      ) : null}
    </>
  );
}
