"use client";

import { useParams } from "next/navigation";
import { HostHead } from "../domain/host-head";
import { useCall } from "../ui/use-call";
import { Brakes } from "./brakes";
import { CheckCard } from "./check-card";
import { ConnectionCard } from "./connection-card";
import { HostKey } from "./host-key";
import { LogCard } from "./log-card";
import { RemoveHost } from "./remove-host";
import { Services } from "./services";
import { SuspensionSetup } from "./suspension-setup";
import { UnknownLines } from "./unknown-lines";

export function HostPage() {
  const { host: id = "" } = useParams<{ host: string }>();
  const hosts = useCall("listHosts");
  const host = hosts.data?.find((one) => one.id === id);
  return (
    <>
      <HostHead id={id} page="host" />
      <div className="grid items-start gap-4 lg:grid-cols-2">
        <div className="grid gap-4">
          {host?.problem?.code === "host_key_changed" ? <HostKey host={host} /> : null}
          {host ? <Brakes host={host} /> : null}
          <Services host={id} />
          <SuspensionSetup host={id} />
        </div>
        <div className="grid gap-4">
          <CheckCard host={id} />
          <ConnectionCard host={id} />
          {host ? <LogCard host={host} /> : null}
          {host?.origin === "added" ? <RemoveHost host={host} /> : null}
        </div>
      </div>
      <div className="mt-4">
        <UnknownLines host={id} />
      </div>
    </>
  );
}
