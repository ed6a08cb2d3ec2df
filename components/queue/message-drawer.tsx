"use client";

import type { ReactNode } from "react";
import { accountPath } from "../domain/account-path";
import { Badge } from "../ui/badge";
import { Dialog } from "../ui/dialog";
import { formatBytes } from "../ui/format";
import { Link } from "../ui/link";
import { Raw } from "../ui/raw";
import { ErrorState, Loading } from "../ui/states";
import { Table, Td, Th } from "../ui/table";
import { Time } from "../ui/time-ago";
import { useCall } from "../ui/use-call";

type Props = { host: string; id: string; instance?: string; onClose: () => void };

/** One message whole: envelope, headers, body, deliveries, raw lines. All of it as text. */
export function MessageDrawer({ host, id, instance, onClose }: Props) {
  const message = useCall("message", { params: { host, id }, query: { instance } });
  const data = message.data;
  return (
    <Dialog
      open
      side
      onClose={onClose}
      title={<Raw mono>{id}</Raw>}
      sub={data ? (data.queue ? `in ${data.queue}` : "no longer in the queue") : "Message"}
    >
      {message.isError ? <ErrorState error={message.error} retry={() => message.refetch()} /> : null}
      {message.isPending ? <Loading rows={10} /> : null}
      {data ? (
        <div className="grid gap-4">
          <Part title="Envelope">
            <dl className="grid grid-cols-[7rem_minmax(0,1fr)] gap-x-3 gap-y-1 break-words">
              <dt className="text-muted">Account</dt>
              <dd>
                {data.account ? (
                  <Link className="link" href={accountPath(host, data.account)}>
                    <Raw>{data.account}</Raw>
                  </Link>
                ) : (
                  <Raw>{null}</Raw>
                )}
              </dd>
              <dt className="text-muted">Sender</dt>
              <dd>
                <Raw empty="null sender">{data.envelope.sender}</Raw>
              </dd>
              <dt className="text-muted">Client</dt>
              <dd>
                <Raw mono empty="local">
                  {data.envelope.client}
                </Raw>
              </dd>
              <dt className="text-muted">Arrival</dt>
              <dd>
                <Time at={data.envelope.arrival} />
              </dd>
              <dt className="text-muted">Size</dt>
              <dd>{data.envelope.size === null ? "–" : formatBytes(data.envelope.size)}</dd>
              <dt className="text-muted">Recipients</dt>
              <dd>
                <ul>
                  {data.envelope.recipients.map((one) => (
                    <li key={one.address}>
                      <Raw>{one.address}</Raw> {one.done ? <Badge tone="good">done</Badge> : null}
                      {one.reason ? <Raw className="block text-[12px] text-muted">{one.reason}</Raw> : null}
                    </li>
                  ))}
                </ul>
              </dd>
              {Object.entries(data.envelope.attributes).map(([name, value]) => (
                <div key={name} className="contents">
                  <dt className="truncate text-muted" title={name}>
                    {name}
                  </dt>
                  <dd>
                    <Raw mono>{value}</Raw>
                  </dd>
                </div>
              ))}
            </dl>
          </Part>
          {data.headers.length ? (
            <Part title="Headers">
              <dl className="grid gap-1">
                {data.headers.map((header, index) => (
                  // biome-ignore lint/suspicious/noArrayIndexKey: headers repeat and do not move
                  <div key={index} className="break-words">
                    <dt className="inline font-medium">
                      <Raw>{header.name}</Raw>:{" "}
                    </dt>
                    <dd className="inline">
                      <Raw>{header.value}</Raw>
                    </dd>
                  </div>
                ))}
              </dl>
            </Part>
          ) : null}
          {data.body !== null ? (
            <Part title="Body">
              <Raw mono lines className="block rounded-md bg-sunken p-2">
                {data.body}
              </Raw>
              {data.bodyCut ? <p className="text-muted">The rest is not shown.</p> : null}
            </Part>
          ) : null}
          {data.body === null && data.queue !== null ? (
            <Part title="Body">
              <p className="text-muted">Shown to admins only.</p>
            </Part>
          ) : null}
          <Part title="Deliveries">
            {data.deliveries.length === 0 ? <p className="text-muted">None in the log yet.</p> : null}
            {data.deliveries.length ? (
              <Table label="Deliveries">
                <thead>
                  <tr>
                    <Th>Time</Th>
                    <Th>Recipient</Th>
                    <Th>Status</Th>
                    <Th>Answer</Th>
                  </tr>
                </thead>
                <tbody>
                  {data.deliveries.map((one, index) => (
                    // biome-ignore lint/suspicious/noArrayIndexKey: tries of one recipient repeat
                    <tr key={index}>
                      <Td className="whitespace-nowrap">
                        <Time at={one.at} />
                      </Td>
                      <Td>
                        <Raw>{one.recipient}</Raw>
                      </Td>
                      <Td>
                        <Badge tone={one.status === "sent" ? "good" : one.status === "deferred" ? "warn" : "danger"}>
                          {one.status}
                        </Badge>
                      </Td>
                      <Td className="min-w-60">
                        <Raw className="break-words">{one.reason}</Raw>
                      </Td>
                    </tr>
                  ))}
                </tbody>
              </Table>
            ) : null}
          </Part>
          <Part title="Log lines">
            {data.lines.length === 0 ? <p className="text-muted">The log has no line of it.</p> : null}
            <div className="rounded-md bg-sunken p-2 font-mono text-[12px]">
              {data.lines.map((line, index) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: lines of a log have no other identity here
                <div key={index} className="break-all">
                  <Raw>{line.text}</Raw>
                </div>
              ))}
            </div>
          </Part>
        </div>
      ) : null}
    </Dialog>
  );
}

function Part({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section className="grid gap-1.5">
      <h3 className="font-semibold">{title}</h3>
      {children}
    </section>
  );
}
