"use client";

import { SlidersHorizontal } from "lucide-react";
import { useParams } from "next/navigation";
import { useState } from "react";
import type { QueueGroups } from "../../lib/api/queue";
import { HostHead } from "../domain/host-head";
import { Button } from "../ui/button";
import { cn } from "../ui/cn";
import { later } from "../ui/later";
import { Note } from "../ui/states";
import { useUrlState } from "../ui/url-state";
import { useCall } from "../ui/use-call";
import { Facets } from "./facets";
import { FilterBar } from "./filter-bar";
import { queryOf } from "./filter-url";
import { QueueTable } from "./queue-table";
import { QueueTiles } from "./queue-tiles";

const MessageDrawer = later(() => import("./message-drawer").then((file) => file.MessageDrawer));

export function QueuePage() {
  const { host = "" } = useParams<{ host: string }>();
  const { search, set } = useUrlState();
  const [facets, setFacets] = useState(false);
  const query = queryOf(search);
  const head = useCall("queue", { params: { host }, query: { ...query, group: "queue", limit: 10 } }, { keep: true });
  const listing = head.data as QueueGroups | undefined;
  const open = search.get("id");
  return (
    <>
      <HostHead id={host} page="queue" />
      <div className="grid gap-3">
        <QueueTiles host={host} />
        {listing && !listing.complete ? (
          <Note role="status">
            The listing was cut off: what is here is real, but there is more. No action is offered until it is complete.
          </Note>
        ) : null}
        <FilterBar />
        <div className="grid items-start gap-3 lg:grid-cols-[15.5rem_minmax(0,1fr)]">
          <div>
            <Button className="lg:hidden" aria-expanded={facets} onClick={() => setFacets(!facets)}>
              <SlidersHorizontal aria-hidden /> {facets ? "Hide groups" : "Show groups"}
            </Button>
            <div className={cn("max-lg:mt-2", !facets && "max-lg:hidden")}>
              <Facets host={host} query={query} />
            </div>
          </div>
          <QueueTable key={host} host={host} query={query} listing={listing} />
        </div>
      </div>
      {open ? (
        <MessageDrawer
          host={host}
          id={open}
          instance={search.get("in") ?? undefined}
          onClose={() => set({ id: null, in: null })}
        />
      ) : null}
    </>
  );
}
