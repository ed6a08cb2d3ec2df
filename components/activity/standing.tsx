"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { call } from "../../lib/api/client";
import { filterWords } from "../action/words";
import { Button } from "../ui/button";
import { Card } from "../ui/card";
import { formatCount } from "../ui/format";
import { Raw } from "../ui/raw";
import { Empty, ErrorState, Loading, Note } from "../ui/states";
import { Table, Td, Th } from "../ui/table";
import { TimeAgo } from "../ui/time-ago";
import { useCall } from "../ui/use-call";

/** Filters that are held as they come, until lifted. */
export function StandingHolds() {
  const answer = useCall("listStanding");
  const client = useQueryClient();
  const lift = useMutation({
    mutationFn: (id: string) => call("removeStanding", { params: { standing: id } }),
    onSettled: () => void client.invalidateQueries({ queryKey: ["listStanding"] }),
  });
  return (
    <Card title="Standing holds" flush>
      {answer.isError ? <ErrorState error={answer.error} retry={() => answer.refetch()} /> : null}
      {lift.isError ? <ErrorState error={lift.error} /> : null}
      {answer.isPending ? <Loading rows={2} /> : null}
      {answer.data?.length === 0 ? (
        <Empty title="Nothing is held as it comes">Contain an account, or choose "keep holding" with a hold.</Empty>
      ) : null}
      {answer.data?.length ? (
        <Table label="Standing holds">
          <thead>
            <tr>
              <Th>What</Th>
              <Th>Host</Th>
              <Th>Since</Th>
              <Th>Until</Th>
              <Th end>Held</Th>
              <Th>By</Th>
              <Th>
                <span className="sr-only">Lift</span>
              </Th>
            </tr>
          </thead>
          <tbody>
            {answer.data.map((one) => (
              <tr key={one.id}>
                <Td>
                  <Raw className="break-words">{filterWords(one.filter)}</Raw>
                  {one.problem ? (
                    <Note tone="danger">
                      <Raw>{one.problem}</Raw>
                    </Note>
                  ) : null}
                </Td>
                <Td>{one.host}</Td>
                <Td className="whitespace-nowrap">
                  <TimeAgo at={one.since} />
                </Td>
                <Td className="whitespace-nowrap">{one.until ? <TimeAgo at={one.until} /> : "lifted by hand"}</Td>
                <Td end>{formatCount(one.held)}</Td>
                <Td>
                  <Raw>{one.by}</Raw>
                </Td>
                <Td end>
                  <Button
                    size="small"
                    busy={lift.isPending && lift.variables === one.id}
                    onClick={() => lift.mutate(one.id)}
                  >
                    Lift
                  </Button>
                </Td>
              </tr>
            ))}
          </tbody>
        </Table>
      ) : null}
    </Card>
  );
}
