"use client";

import { Card } from "../ui/card";
import { formatCount } from "../ui/format";
import { Raw } from "../ui/raw";
import { ErrorState, Loading } from "../ui/states";
import { Table, Td, Th } from "../ui/table";
import { TimeAgo } from "../ui/time-ago";
import { useCall } from "../ui/use-call";

/** Log lines that were not understood, by shape: counted and kept, never dropped in silence. */
export function UnknownLines({ host }: { host: string }) {
  const answer = useCall("unknownLines", { params: { host } });
  return (
    <Card title="Log lines not understood" flush>
      {answer.isError ? <ErrorState error={answer.error} retry={() => answer.refetch()} /> : null}
      {answer.isPending ? <Loading rows={2} /> : null}
      {answer.data?.length === 0 ? <p className="p-3 text-muted">Every line was understood.</p> : null}
      {answer.data?.length ? (
        <Table label="Log lines not understood">
          <thead>
            <tr>
              <Th end>Lines</Th>
              <Th>Program</Th>
              <Th>Shape</Th>
              <Th>Example</Th>
              <Th>Last</Th>
            </tr>
          </thead>
          <tbody>
            {answer.data.map((one) => (
              <tr key={`${one.program} ${one.shape}`}>
                <Td end>{formatCount(one.lines)}</Td>
                <Td>
                  <Raw>{one.program}</Raw>
                </Td>
                <Td className="min-w-60">
                  <Raw mono className="break-all">
                    {one.shape}
                  </Raw>
                </Td>
                <Td className="min-w-60">
                  <Raw mono className="break-all text-muted">
                    {one.example}
                  </Raw>
                </Td>
                <Td className="whitespace-nowrap">
                  <TimeAgo at={one.last} />
                </Td>
              </tr>
            ))}
          </tbody>
        </Table>
      ) : null}
    </Card>
  );
}
