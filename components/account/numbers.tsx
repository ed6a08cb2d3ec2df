"use client";

import type { ReactNode } from "react";
import type { AccountView } from "../../lib/api/accounts";
import { Badge } from "../ui/badge";
import { Card } from "../ui/card";
import { formatCount } from "../ui/format";
import { Raw } from "../ui/raw";
import { Stat } from "../ui/stat";
import { Time } from "../ui/time-ago";
import { useUrlState } from "../ui/url-state";
import { noLines } from "./line-kinds";
import { perHour } from "./per-hour";

/** The numbers of the window beside the account's own past. Every number leads to its lines. */
export function Numbers({ view }: { view: AccountView }) {
  const { set } = useUrlState();
  const n = view.numbers;
  const past = view.baseline;
  const lines = (of: string, more: Record<string, string> = {}) => set({ ...noLines, lines: of, ...more }, "push");
  const hourly = perHour(n.messages, view.from, view.to);
  return (
    <Card title="Numbers" flush>
      <div className="grid grid-cols-2 sm:grid-cols-4 xl:grid-cols-8">
        <Stat
          label="Messages"
          value={formatCount(n.messages)}
          sub={past ? `${hourly}/h, before ${past.messagesPerHour.toFixed(1)}/h` : "no past to compare"}
          onPress={() => lines("messages")}
        />
        <Stat
          label="Recipients"
          value={formatCount(n.recipients)}
          onPress={() => lines("recipients")}
          sub={
            past
              ? `${(n.recipients / Math.max(1, n.messages)).toFixed(1)} each, before ${past.recipientsPerMessage.toFixed(1)}`
              : undefined
          }
        />
        <Stat
          label="Sessions"
          value={formatCount(n.sessions)}
          sub={`${formatCount(n.clients)} addresses`}
          onPress={() => lines("sessions")}
        />
        <Stat
          label="Networks"
          value={formatCount(n.networks24 + n.networks48)}
          sub={past ? `before ${formatCount(past.networks24)}` : `${formatCount(n.networks16)} of /16`}
          tone={past && n.networks24 > past.networks24 * 3 + 3 ? "danger" : undefined}
          onPress={() => lines("messages")}
        />
        <Stat
          label="Envelope senders"
          value={formatCount(n.senders)}
          sub={`${formatCount(n.forgedSenders)} forged`}
          tone={n.forgedSenders > 0 ? "danger" : undefined}
          onPress={() => lines(n.forgedSenders > 0 ? "forged" : "senders")}
        />
        <Stat label="Delivered" value={formatCount(n.delivered)} onPress={() => lines("deliveries")} />
        <Stat label="Bounced" value={formatCount(n.bounced)} onPress={() => lines("bounces")} />
        <Stat label="Deferred" value={formatCount(n.deferred)} onPress={() => lines("deferrals")} />
        <Stat label="Rejects" value={formatCount(n.rejects)} onPress={() => lines("rejects")} />
        <Stat
          label="Failed logins"
          value={formatCount(n.failedLogins)}
          sub={`${formatCount(n.failedBeforeFirstSuccess)} before the first success`}
          onPress={() => lines("failedLogins")}
        />
        <Stat label="First seen" value={<Time at={n.firstSeen} className="text-[13px]" />} />
        <Stat label="Last seen" value={<Time at={n.lastSeen} className="text-[13px]" />} />
      </div>
      <div className="grid gap-x-6 gap-y-3 border-t p-3 sm:grid-cols-2 xl:grid-cols-4">
        <List
          title="Client addresses"
          rows={n.topClients.map((one) => ({
            key: one.address,
            side: (
              <>
                {one.country ? <span className="text-muted">{one.country}</span> : null} {formatCount(one.messages)}
              </>
            ),
            onPress: () => lines("messages", { client: one.address }),
          }))}
        />
        <List
          title="Envelope senders"
          rows={n.topSenders.map((one) => ({
            key: one.sender,
            side: (
              <>
                {one.forged ? <Badge tone="danger">forged</Badge> : null} {formatCount(one.messages)}
              </>
            ),
            onPress: one.sender ? () => lines("senders", { sender: one.sender }) : undefined,
          }))}
        />
        <List
          title="Networks (/16, /48)"
          rows={n.networks.map((one) => ({
            key: one.key,
            side: formatCount(one.count),
            onPress: () => lines("messages", { network: one.key }),
          }))}
        />
        <List
          title="Providers"
          rows={n.providers.map((one) => ({
            key: one.key,
            side: formatCount(one.count),
            onPress: () => lines("messages", { provider: one.key }),
          }))}
        />
        <List
          title="Countries"
          rows={n.countries.map((one) => ({
            key: one.key,
            side: (
              <>
                {past && !past.countries.includes(one.key) ? <Badge tone="warn">new</Badge> : null}{" "}
                {formatCount(one.count)}
              </>
            ),
            onPress: () => lines("messages", { country: one.key }),
          }))}
        />
        <List
          title="Reject reasons"
          rows={n.rejectReasons.map((one) => ({
            key: one.key,
            side: formatCount(one.count),
            onPress: () => lines("rejects", { reason: one.key }),
          }))}
        />
        <List
          title="HELO names of rejects"
          rows={n.heloNames.map((one) => ({
            key: one.key,
            side: formatCount(one.count),
            onPress: () => lines("rejects", { helo: one.key }),
          }))}
        />
        <List
          title="Mailbox logins"
          rows={n.mailboxLogins.map((one) => ({
            key: `${one.protocol} ${one.address}`,
            side: `${formatCount(one.ok)} ok, ${formatCount(one.failed)} failed`,
            onPress: () => lines("mailbox", { client: one.address }),
          }))}
        />
      </div>
    </Card>
  );
}

type ListRow = { key: string; side: ReactNode; onPress?: (() => void) | undefined };

function List({ title, rows }: { title: string; rows: ListRow[] }) {
  if (rows.length === 0) return null;
  return (
    <section className="min-w-0">
      <h3 className="label mb-0.5">{title}</h3>
      <ul>
        {rows.slice(0, 8).map((row) => (
          <li key={row.key} className="flex justify-between gap-2">
            <span className="min-w-0 truncate">
              {row.onPress ? (
                <button type="button" className="link max-w-full truncate text-left" onClick={row.onPress}>
                  <Raw title>{row.key}</Raw>
                </button>
              ) : (
                <Raw title empty="null sender">
                  {row.key}
                </Raw>
              )}
            </span>
            <span className="shrink-0">{row.side}</span>
          </li>
        ))}
        {rows.length > 8 ? <li className="text-muted">and {rows.length - 8} more</li> : null}
      </ul>
    </section>
  );
}
