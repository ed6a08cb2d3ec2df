"use client";

import { useParams } from "next/navigation";
import { ActionBar } from "../action/action-bar";
import { HostHead } from "../domain/host-head";
import { LinkButton } from "../ui/button";
import { Card } from "../ui/card";
import { formatBytes, formatCount } from "../ui/format";
import { later } from "../ui/later";
import { Near } from "../ui/near";
import { Raw } from "../ui/raw";
import { Stat } from "../ui/stat";
import { Empty, ErrorState, Loading } from "../ui/states";
import { useUrlState } from "../ui/url-state";
import { useCall } from "../ui/use-call";
import { useWindow, WindowSelect } from "../ui/window-select";
import { decoded } from "./decoded";
import { Findings } from "./findings";
import { MailboxLink } from "./mailbox-link";
import { Numbers } from "./numbers";
import { OpenIncident } from "./open-incident";
import { Stop } from "./stop";

const TimelineCard = later(() => import("./timeline-card").then((file) => file.TimelineCard));
const Sessions = later(() => import("./sessions").then((file) => file.Sessions));
const LinesDrawer = later(() => import("./lines-drawer").then((file) => file.LinesDrawer));

/** Is it compromised, is it stopped, what is left to clean: one screen. */
export function AccountPage() {
  const params = useParams<{ host: string; account: string }>();
  const host = params.host;
  const account = decoded(params.account);
  const window = useWindow("24h");
  const lines = useUrlState().search.get("lines");
  const view = useCall(
    "account",
    { params: { host, account }, query: window },
    // A first listing that failed sends no news when the next one has come.
    { keep: true, every: (data) => (data?.inQueue === null ? 2_000 : false) },
  );
  const data = view.data;
  return (
    <>
      <HostHead
        id={host}
        page="accounts"
        title={<Raw>{account}</Raw>}
        side={
          <>
            <WindowSelect standard="24h" />
            <OpenIncident host={host} account={account} />
            <MailboxLink account={account} />
          </>
        }
      />
      {view.isError ? <ErrorState error={view.error} retry={() => view.refetch()} /> : null}
      {view.isPending ? (
        <Card>
          <Loading rows={8} label="Reading the account" />
        </Card>
      ) : null}
      {data ? (
        <div className="grid gap-4">
          <div className="grid items-start gap-4 lg:grid-cols-[minmax(0,1.4fr)_minmax(0,1fr)]">
            <Findings view={data} />
            <div className="grid gap-4">
              <Stop host={host} account={account} suspension={data.suspension} />
              <Card title="What is left to clean" flush>
                {data.inQueue === null ? (
                  <Empty title="The queue was not read yet">It is read as soon as the host is reached.</Empty>
                ) : (
                  <>
                    <ActionBar
                      host={host}
                      filter={{ account: [account] }}
                      count={data.inQueue.messages}
                      chosen={false}
                      disabled={data.inQueue.messages === 0}
                      only={["hold", "release", "purge"]}
                    />
                    <div className="grid grid-cols-3">
                      <Stat
                        label="In the queue"
                        value={formatCount(data.inQueue.messages)}
                        tone={data.inQueue.messages > 0 ? "warn" : undefined}
                        sub={formatBytes(data.inQueue.bytes)}
                      />
                      <Stat label="Of them held" value={formatCount(data.inQueue.held)} />
                      <Stat label="Recipients" value={formatCount(data.inQueue.recipients)} />
                    </div>
                    <div className="px-3 pb-3">
                      <LinkButton size="small" href={`/hosts/${host}/queue?account=${encodeURIComponent(account)}`}>
                        See its mail in the queue
                      </LinkButton>
                    </div>
                  </>
                )}
              </Card>
            </div>
          </div>
          <Numbers view={data} />
          <Near height="22rem">
            <TimelineCard host={host} account={account} window={window} />
          </Near>
          <Near height="30rem">
            <Sessions host={host} account={account} window={window} />
          </Near>
        </div>
      ) : null}
      {lines ? <LinesDrawer host={host} account={account} window={window} /> : null}
    </>
  );
}
