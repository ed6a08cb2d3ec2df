"use client";

import { useMutation } from "@tanstack/react-query";
import { call } from "../../lib/api/client";
import { paths } from "../../lib/api/paths";
import { Button } from "../ui/button";
import { Card } from "../ui/card";
import { ErrorState, Loading } from "../ui/states";
import { TimeAgo } from "../ui/time-ago";
import { CheckLines } from "./check-lines";

export function CheckCard({ host }: { host: string }) {
  const check = useMutation({ mutationFn: () => call("checkHost", { params: { host } }) });
  return (
    <Card
      id="check"
      title="Host check"
      side={
        <Button size="small" busy={check.isPending} onClick={() => check.mutate()}>
          Run the check
        </Button>
      }
    >
      {check.isError ? <ErrorState error={check.error} retry={() => check.mutate()} compact /> : null}
      {check.isPending ? <Loading rows={6} label="Checking the host" /> : null}
      {check.isIdle ? (
        <p className="text-muted">
          Login, rights, queue, log, clock and suspension, a line each, with the command that mends what does not work.
        </p>
      ) : null}
      {check.data ? (
        <>
          <CheckLines check={check.data} />
          <p className="mt-1 flex justify-between gap-2 text-[12px] text-muted">
            <span>
              checked <TimeAgo at={check.data.at} />
            </span>
            <a href={paths.hostScript[1]} download="sluice.sh" className="link">
              Download sluice.sh
            </a>
          </p>
        </>
      ) : null}
    </Card>
  );
}
