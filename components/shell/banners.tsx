"use client";

import { OctagonPause } from "lucide-react";
import { Link } from "../ui/link";
import { useLive } from "../ui/live";
import { TimeAgo } from "../ui/time-ago";
import { useCall } from "../ui/use-call";
import { brakeSentence } from "./brake-text";

/** What must be known on every page: brakes that are on, a dashboard that does not answer, the demo. */
export function Banners() {
  const me = useCall("me", {}, { still: true });
  // What the hosts say moves by events; that they were counted again, without a change, does not.
  const hosts = useCall("listHosts", {}, { every: 10_000 });
  const live = useLive();
  const braked = hosts.data?.filter((host) => host.brakes.length > 0) ?? [];
  return (
    <section aria-label="Notices" className="grid">
      {hosts.isError && hosts.data && live.state === "down" ? (
        <div role="alert" className="bg-warn-soft px-4 py-1.5 text-center">
          The dashboard does not answer. Shown is the state of{" "}
          <TimeAgo at={new Date(hosts.dataUpdatedAt).toISOString()} />; it is tried again by itself.
        </div>
      ) : null}
      {braked.flatMap((host) =>
        host.brakes.map((brake) => (
          <div
            key={`${host.id} ${brake.kind}`}
            role="status"
            className="flex flex-wrap items-center justify-center gap-x-3 gap-y-1 bg-danger px-4 py-1.5 text-center font-medium text-on-danger"
          >
            <OctagonPause aria-hidden className="size-4" />
            <span>
              {host.name}: {brakeSentence[brake.kind]}, by {brake.by} <TimeAgo at={brake.since} />
            </span>
            <Link href={`/hosts/${host.id}#brakes`} className="underline underline-offset-2">
              {brake.kind.endsWith("-stopped") ? "Start it" : "Release it"}
            </Link>
          </div>
        )),
      )}
      {me.data?.demo ? (
        <div className="bg-accent-soft px-4 py-1.5 text-center">
          This is the demo: its hosts and their mail are made up.{" "}
          <Link href="/hosts?add=1" className="link">
            Connect a real one
          </Link>
        </div>
      ) : null}
    </section>
  );
}
