"use client";

import { ShieldAlert, ShieldCheck } from "lucide-react";
import { useState } from "react";
import { urlOf } from "../../lib/api/client";
import { Badge } from "../ui/badge";
import { Button } from "../ui/button";
import { Card } from "../ui/card";
import { Raw } from "../ui/raw";
import { Empty, ErrorState, Loading } from "../ui/states";
import { Table, Td, Th } from "../ui/table";
import { Time } from "../ui/time-ago";
import { useCall } from "../ui/use-call";

export function Audit() {
  const [cursor, setCursor] = useState<string>();
  const answer = useCall("audit", { query: { limit: 100, cursor } }, { keep: true });
  const data = answer.data;
  return (
    <Card
      title={
        <span className="flex items-center gap-2">
          Audit
          {data ? (
            data.intact ? (
              <Badge tone="good">
                <ShieldCheck aria-hidden className="size-3.5" /> chain intact
              </Badge>
            ) : (
              <Badge tone="solid">
                <ShieldAlert aria-hidden className="size-3.5" /> chain broken: entries were changed
              </Badge>
            )
          ) : null}
        </span>
      }
      side={
        <a className="link" href={urlOf("exportAudit")} download="sluice-audit.jsonl">
          Export
        </a>
      }
      flush
    >
      {answer.isError ? <ErrorState error={answer.error} retry={() => answer.refetch()} /> : null}
      {answer.isPending ? <Loading /> : null}
      {data?.entries.length === 0 ? <Empty title="No entry yet" /> : null}
      {data?.entries.length ? (
        <Table label="Audit">
          <thead>
            <tr>
              <Th end>No.</Th>
              <Th>Time</Th>
              <Th>By</Th>
              <Th>Host</Th>
              <Th>What</Th>
              <Th>Detail</Th>
              <Th>Hash</Th>
            </tr>
          </thead>
          <tbody>
            {data.entries.map((entry) => (
              <tr key={entry.seq}>
                <Td end className="text-muted">
                  {entry.seq}
                </Td>
                <Td className="whitespace-nowrap">
                  <Time at={entry.at} />
                </Td>
                <Td>
                  <Raw>{entry.by}</Raw>
                </Td>
                <Td>{entry.host ?? "–"}</Td>
                <Td className="whitespace-nowrap font-medium">
                  <Raw>{entry.what}</Raw>
                </Td>
                <Td className="min-w-72 max-w-xl">
                  <Raw mono className="line-clamp-3 break-all" title empty="–">
                    {entry.detail === null || entry.detail === undefined ? "" : JSON.stringify(entry.detail)}
                  </Raw>
                </Td>
                <Td className="font-mono text-[12px] text-muted" title={entry.hash}>
                  {entry.hash.slice(0, 10)}
                </Td>
              </tr>
            ))}
          </tbody>
        </Table>
      ) : null}
      {data?.next || cursor ? (
        <div className="flex justify-center gap-2 p-2">
          {cursor ? <Button onClick={() => setCursor(undefined)}>Newest</Button> : null}
          {data?.next ? <Button onClick={() => setCursor(data.next ?? undefined)}>Older</Button> : null}
        </div>
      ) : null}
    </Card>
  );
}
