"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import type { Suspension } from "../../lib/api/accounts";
import { call } from "../../lib/api/client";
import { Badge } from "../ui/badge";
import { Button } from "../ui/button";
import { Card } from "../ui/card";
import { later } from "../ui/later";
import { Link } from "../ui/link";
import { Raw } from "../ui/raw";
import { ErrorState, Note } from "../ui/states";
import { TimeAgo } from "../ui/time-ago";

const ContainDialog = later(() => import("./contain-dialog").then((file) => file.ContainDialog));

const words = { none: "sending", reject: "suspended: its mail is rejected", hold: "quarantined: its mail is held" };

/** Is it stopped: the state of the account, and the press that stops it or lets it go. */
export function Stop({ host, account, suspension }: { host: string; account: string; suspension: Suspension }) {
  const [op, setOp] = useState<"contain" | "lift" | null>(null);
  const client = useQueryClient();
  const suspend = useMutation({
    mutationFn: (mode: "reject" | "hold" | "none") => call("suspend", { params: { host, account }, body: { mode } }),
    onSettled: () => void client.invalidateQueries(),
  });
  const stopped = suspension.mode !== "none";
  return (
    <Card title="Is it stopped?" side={<Badge tone={stopped ? "good" : "warn"}>{words[suspension.mode]}</Badge>}>
      <div className="grid gap-3">
        {stopped ? (
          <p>
            Since <TimeAgo at={suspension.since} />
            {suspension.by ? <> by {suspension.by}</> : null}
            {suspension.reason ? (
              <>
                : <Raw>{suspension.reason}</Raw>
              </>
            ) : null}
          </p>
        ) : null}
        {suspension.ready ? null : (
          <Note>
            Postfix on this host does not ask Sluice's table yet, so a suspension would stop nothing.{" "}
            <Link href={`/hosts/${host}#suspension`} className="link">
              Set it up
            </Link>
          </Note>
        )}
        {suspend.isError ? <ErrorState error={suspend.error} compact /> : null}
        <div className="flex flex-wrap gap-2">
          <Button look="danger" onClick={() => setOp("contain")}>
            Contain
          </Button>
          <Button
            disabled={!suspension.ready || suspension.mode === "reject"}
            busy={suspend.isPending}
            onClick={() => suspend.mutate("reject")}
          >
            Suspend only
          </Button>
          <Button
            disabled={!suspension.ready || suspension.mode === "hold"}
            busy={suspend.isPending}
            onClick={() => suspend.mutate("hold")}
          >
            Quarantine only
          </Button>
          <Button onClick={() => setOp("lift")}>Lift</Button>
        </div>
      </div>
      {op ? <ContainDialog op={op} host={host} account={account} onClose={() => setOp(null)} /> : null}
    </Card>
  );
}
