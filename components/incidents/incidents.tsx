"use client";

import { Badge } from "../ui/badge";
import { Card, PageHead } from "../ui/card";
import { formatCount } from "../ui/format";
import { Link } from "../ui/link";
import { Raw } from "../ui/raw";
import { Empty, ErrorState, Loading } from "../ui/states";
import { Table, Td, Th } from "../ui/table";
import { TimeAgo } from "../ui/time-ago";
import { useCall } from "../ui/use-call";

export function Incidents() {
  const answer = useCall("listIncidents");
  return (
    <>
      <PageHead title="Incidents" sub="An account, what was found, what was done, and the report at the end" />
      <Card flush title="Incidents">
        {answer.isError ? <ErrorState error={answer.error} retry={() => answer.refetch()} /> : null}
        {answer.isPending ? <Loading /> : null}
        {answer.data?.length === 0 ? (
          <Empty title="No incident">Open one from an account's page; it gathers what happens from then on.</Empty>
        ) : null}
        {answer.data?.length ? (
          <Table label="Incidents">
            <thead>
              <tr>
                <Th>Account</Th>
                <Th>State</Th>
                <Th>Opened</Th>
                <Th>By</Th>
                <Th>Hosts</Th>
                <Th end>Findings</Th>
                <Th end>Actions</Th>
              </tr>
            </thead>
            <tbody>
              {answer.data.map((one) => (
                <tr key={one.id} className="hover:bg-sunken/60">
                  <Td>
                    <Link href={`/incidents/${encodeURIComponent(one.id)}`} className="link break-all font-medium">
                      <Raw>{one.account}</Raw>
                    </Link>
                  </Td>
                  <Td>{one.closedAt ? <Badge>closed</Badge> : <Badge tone="warn">open</Badge>}</Td>
                  <Td className="whitespace-nowrap">
                    <TimeAgo at={one.openedAt} />
                  </Td>
                  <Td>
                    <Raw>{one.openedBy}</Raw>
                  </Td>
                  <Td>{one.hosts.join(", ")}</Td>
                  <Td end>{formatCount(one.findings.length)}</Td>
                  <Td end>{formatCount(one.actions.length)}</Td>
                </tr>
              ))}
            </tbody>
          </Table>
        ) : null}
      </Card>
    </>
  );
}
