import type { Plan } from "../../lib/api/actions";
import { Commands } from "../ui/copy";
import { formatBytes, formatCount, plural } from "../ui/format";
import { Raw } from "../ui/raw";
import { Stat } from "../ui/stat";
import { Note } from "../ui/states";
import { Table, Td, Th } from "../ui/table";
import { TimeAgo } from "../ui/time-ago";

/** What a plan would do, before it does: what is seen here is what runs. */
export function PlanPreview({ plan }: { plan: Plan }) {
  return (
    <div className="grid gap-4">
      {plan.warnings.map((warning) => (
        <Note key={`${warning.code} ${warning.message}`} role="alert">
          <Raw>{warning.message}</Raw>
        </Note>
      ))}
      <div className="grid grid-cols-3 rounded-md border">
        <Stat
          label="Messages"
          value={formatCount(plan.messages)}
          sub={plan.queues.map((one) => `${formatCount(one.messages)} ${one.queue}`).join(", ")}
        />
        <Stat label="Recipients" value={formatCount(plan.recipients)} />
        <Stat label="Size" value={formatBytes(plan.bytes)} />
      </div>
      <div className="grid gap-3 sm:grid-cols-2">
        <Top title={plural(plan.accountCount, "account")} rows={plan.accounts} none="no account" />
        <Top title={plural(plan.senderCount, "sender")} rows={plan.senders} none="null sender" />
      </div>
      {plan.sample.length ? (
        <Table label="Sample of messages">
          <thead>
            <tr>
              <Th>Subject</Th>
              <Th>Sender</Th>
              <Th>Account</Th>
              <Th>Age</Th>
            </tr>
          </thead>
          <tbody>
            {plan.sample.map((one) => (
              <tr key={one.id}>
                <Td className="max-w-56 truncate">
                  <Raw title empty="not read">
                    {one.subject}
                  </Raw>
                </Td>
                <Td className="max-w-48 truncate">
                  <Raw title empty="null sender">
                    {one.sender}
                  </Raw>
                </Td>
                <Td className="max-w-48 truncate">
                  <Raw title>{one.account}</Raw>
                </Td>
                <Td className="whitespace-nowrap text-muted">
                  <TimeAgo at={one.arrival} />
                </Td>
              </tr>
            ))}
          </tbody>
        </Table>
      ) : null}
      <p className="text-[12px] text-muted">
        Frozen over the listing of <TimeAgo at={plan.asOf} />. Mail that came later is not touched and is reported.
      </p>
      <details>
        <summary className="font-medium">The commands that run on the host</summary>
        <div className="mt-2">
          <Commands commands={plan.commands} />
        </div>
      </details>
    </div>
  );
}

function Top({ title, rows, none }: { title: string; rows: { key: string | null; messages: number }[]; none: string }) {
  return (
    <div className="min-w-0 rounded-md border">
      <h3 className="border-b px-3 py-1 font-medium text-[13px]">{title}</h3>
      <ul className="px-3 py-1">
        {rows.slice(0, 8).map((row) => (
          <li key={row.key ?? "\0"} className="flex justify-between gap-2">
            <span className="truncate">
              <Raw title empty={none}>
                {row.key}
              </Raw>
            </span>
            <span className="text-muted">{formatCount(row.messages)}</span>
          </li>
        ))}
        {rows.length > 8 ? <li className="text-muted">and more</li> : null}
      </ul>
    </div>
  );
}
