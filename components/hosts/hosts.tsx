"use client";

import { Plus } from "lucide-react";
import type { Host } from "../../lib/api/hosts";
import { HostState } from "../domain/host-state";
import { Button } from "../ui/button";
import { Card, PageHead } from "../ui/card";
import { formatBytes, formatCount } from "../ui/format";
import { later } from "../ui/later";
import { Link } from "../ui/link";
import { Raw } from "../ui/raw";
import { Empty, ErrorState, Loading } from "../ui/states";
import { Table, Td, Th } from "../ui/table";
import { TimeAgo } from "../ui/time-ago";
import { useUrlState } from "../ui/url-state";
import { useCall } from "../ui/use-call";

const AddHost = later(() => import("./add-host").then((file) => file.AddHost));

const inQueue = (host: Host) =>
  host.queue ? formatCount(host.queue.incoming + host.queue.active + host.queue.deferred + host.queue.hold) : "–";

export function Hosts() {
  const hosts = useCall("listHosts");
  const { search, set } = useUrlState();
  return (
    <>
      <PageHead
        title="Hosts"
        side={
          <Button look="primary" onClick={() => set({ add: "1" }, "push")}>
            <Plus aria-hidden /> Add host
          </Button>
        }
      />
      <Card title="Mail hosts" flush>
        {hosts.isError && !hosts.data ? <ErrorState error={hosts.error} retry={() => hosts.refetch()} /> : null}
        {hosts.isPending ? <Loading /> : null}
        {hosts.data?.length === 0 ? (
          <Empty title="No mail host yet">Add the host that runs Postfix; nothing is installed on it.</Empty>
        ) : null}
        {hosts.data?.length ? (
          <Table label="Mail hosts">
            <thead>
              <tr>
                <Th>Host</Th>
                <Th>State</Th>
                <Th end>In the queue</Th>
                <Th>Log read up to</Th>
                <Th end>Log behind</Th>
                <Th>From</Th>
              </tr>
            </thead>
            <tbody>
              {hosts.data.map((host) => (
                <tr key={host.id} className="hover:bg-sunken/60">
                  <Td>
                    <Link href={`/hosts/${host.id}`} className="link font-medium">
                      {host.name}
                    </Link>
                    {host.problem ? (
                      <Raw className="block max-w-md text-[12px] text-muted">{host.problem.message}</Raw>
                    ) : null}
                  </Td>
                  <Td>
                    <HostState host={host} />
                  </Td>
                  <Td end>
                    <Link
                      className="link"
                      href={`/hosts/${host.id}/queue`}
                      aria-label={`Queue of ${host.name}: ${inQueue(host)}`}
                    >
                      {inQueue(host)}
                    </Link>
                  </Td>
                  <Td className="whitespace-nowrap">
                    <TimeAgo at={host.log.newest} />
                  </Td>
                  <Td end>{formatBytes(host.log.behindBytes)}</Td>
                  <Td className="text-muted">{host.origin === "added" ? "added here" : host.origin}</Td>
                </tr>
              ))}
            </tbody>
          </Table>
        ) : null}
      </Card>
      {search.get("add") ? <AddHost onClose={() => set({ add: null })} /> : null}
    </>
  );
}
