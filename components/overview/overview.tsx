"use client";

import { LinkButton } from "../ui/button";
import { Card, PageHead } from "../ui/card";
import { plural } from "../ui/format";
import { Empty, ErrorState, Loading } from "../ui/states";
import { useCall } from "../ui/use-call";
import { WindowSelect } from "../ui/window-select";
import { Alerts } from "./alerts";
import { HostCard } from "./host-card";
import { TopAccounts } from "./top-accounts";

export function Overview() {
  const hosts = useCall("listHosts");
  const away = hosts.data?.filter((host) => host.state === "down").length ?? 0;
  return (
    <>
      <PageHead
        title="Overview"
        sub={hosts.data ? `${plural(hosts.data.length, "host")}${away ? `, ${away} unreachable` : ""}` : " "}
        side={<WindowSelect />}
      />
      <div className="grid gap-4">
        <Alerts />
        {hosts.isError && !hosts.data ? <ErrorState error={hosts.error} retry={() => hosts.refetch()} /> : null}
        {hosts.isPending ? (
          <Card>
            <Loading />
          </Card>
        ) : null}
        {hosts.data?.length === 0 ? (
          <Card>
            <Empty title="No mail host yet">
              <p className="mb-3">Sluice needs nothing but SSH to the host that runs Postfix.</p>
              <LinkButton href="/hosts?add=1" look="primary">
                Connect a mail host
              </LinkButton>
            </Empty>
          </Card>
        ) : null}
        <div className="grid gap-3 sm:grid-cols-2 xl:grid-cols-3">
          {hosts.data?.map((host) => (
            <HostCard key={host.id} host={host} />
          ))}
        </div>
        {hosts.data?.length ? <TopAccounts hosts={hosts.data} /> : null}
      </div>
    </>
  );
}
