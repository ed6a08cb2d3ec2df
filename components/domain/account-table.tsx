"use client";

import { useSearchParams } from "next/navigation";
import type { AccountRow } from "../../lib/api/accounts";
import { formatCount } from "../ui/format";
import { Link } from "../ui/link";
import { Raw } from "../ui/raw";
import { SortTh, Table, Td, Th } from "../ui/table";
import { TimeAgo } from "../ui/time-ago";
import { Suspended, Verdict } from "./verdict";

export type Row = AccountRow & { host: string };
const columns = [
  ["messages", "Messages"],
  ["recipients", "Recipients"],
  ["sessions", "Sessions"],
  ["clients", "Addresses"],
  ["networks", "Networks"],
  ["countries", "Countries"],
  ["senders", "Senders"],
  ["forgedSenders", "Forged"],
  ["failedLogins", "Failed logins"],
  ["rejects", "Rejects"],
] as const;
export type SortKey = (typeof columns)[number][0];

/** Accounts and what they did in the window. With `onSort` the heads sort. */
export function AccountTable({
  rows,
  showHost,
  sort = "-messages",
  onSort,
}: {
  rows: Row[];
  showHost?: boolean;
  sort?: string;
  onSort?: (sort: string) => void;
}) {
  const search = useSearchParams();
  const window = new URLSearchParams();
  for (const key of ["last", "from", "to"]) {
    const value = search.get(key);
    if (value) window.set(key, value);
  }
  const tail = window.size ? `?${window}` : "";
  return (
    <Table label="Accounts">
      <thead>
        <tr>
          <Th>Account</Th>
          <Th className="max-sm:hidden">Verdict</Th>
          {columns.map(([key, label]) =>
            onSort ? (
              <SortTh key={key} label={label} mine={key} sort={sort} onSort={onSort} end />
            ) : (
              <Th key={key} end>
                {label}
              </Th>
            ),
          )}
          <Th>Last seen</Th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={`${row.host} ${row.account}`} className="hover:bg-sunken/60">
            <Td className="max-w-80">
              <Link
                href={`/hosts/${row.host}/accounts/${encodeURIComponent(row.account)}${tail}`}
                className="link block truncate font-medium"
              >
                <Raw title>{row.account}</Raw>
              </Link>
              {showHost ? <span className="text-[12px] text-muted">{row.host}</span> : null}
              <span className="flex gap-1 sm:hidden">
                <Verdict verdict={row.verdict} score={row.score} />
                <Suspended mode={row.suspended} />
              </span>
            </Td>
            <Td className="whitespace-nowrap max-sm:hidden">
              <Verdict verdict={row.verdict} score={row.score} /> <Suspended mode={row.suspended} />
            </Td>
            {columns.map(([key]) => (
              <Td
                key={key}
                end
                className={
                  key === "messages"
                    ? "font-semibold"
                    : key === "forgedSenders" && row[key] > 0
                      ? "text-danger"
                      : row[key]
                        ? ""
                        : "text-muted"
                }
              >
                {formatCount(row[key])}
              </Td>
            ))}
            <Td className="whitespace-nowrap text-muted">
              <TimeAgo at={row.lastSeen} />
            </Td>
          </tr>
        ))}
      </tbody>
    </Table>
  );
}
