"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { call } from "../../lib/api/client";
import { Badge } from "../ui/badge";
import { Button } from "../ui/button";
import { Card } from "../ui/card";
import { Commands } from "../ui/copy";
import { Raw } from "../ui/raw";
import { ErrorState, Loading } from "../ui/states";

/** The table that Postfix asks before it takes mail of a login: shown before it is set up, and undoable. */
export function SuspensionSetup({ host }: { host: string }) {
  const client = useQueryClient();
  const setup = useMutation({
    mutationFn: (op: "preview" | "apply" | "undo") => call("suspensionSetup", { params: { host }, body: { op } }),
    onSuccess: (_, op) => {
      if (op !== "preview") void client.invalidateQueries();
    },
  });
  const data = setup.data;
  return (
    <Card
      id="suspension"
      title="Suspension"
      side={
        <Button size="small" busy={setup.isPending} onClick={() => setup.mutate("preview")}>
          Look at the set-up
        </Button>
      }
    >
      {setup.isError ? <ErrorState error={setup.error} compact /> : null}
      {setup.isPending && !data ? <Loading rows={3} /> : null}
      {setup.isIdle ? (
        <p className="text-muted">
          An account is suspended by a table that Postfix asks (check_sasl_access). What would change is shown first.
        </p>
      ) : null}
      {data ? (
        <div className="grid gap-3">
          <p>
            {data.ready ? <Badge tone="good">ready</Badge> : <Badge tone="warn">not set up</Badge>}{" "}
            {data.mapType ? <span className="text-muted">table of type {data.mapType}</span> : null}
          </p>
          <ul>
            {data.services.map((one) => (
              <li key={one.service} className="flex gap-2">
                <Raw mono>{one.service}</Raw>
                <span className={one.asks ? "text-good" : "text-danger"}>
                  {one.asks ? "asks the table" : "does not ask the table"}
                </span>
              </li>
            ))}
          </ul>
          {data.commands.length ? (
            <>
              <p>{data.ready ? "The commands of the set-up:" : "These commands will run on the host:"}</p>
              <Commands commands={data.commands} />
            </>
          ) : null}
          <div className="flex gap-2">
            {data.ready ? (
              <Button busy={setup.isPending} onClick={() => setup.mutate("undo")}>
                Undo the set-up
              </Button>
            ) : (
              <Button look="primary" busy={setup.isPending} onClick={() => setup.mutate("apply")}>
                Set it up
              </Button>
            )}
          </div>
        </div>
      ) : null}
    </Card>
  );
}
