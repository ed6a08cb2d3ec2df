"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { call } from "../../lib/api/client";
import type { Host } from "../../lib/api/hosts";
import { Badge } from "../ui/badge";
import { Button } from "../ui/button";
import { Card } from "../ui/card";
import { ErrorState } from "../ui/states";
import { TimeAgo } from "../ui/time-ago";
import { toast } from "../ui/toast";
import { TypedDialog } from "./typed-dialog";

const kinds = {
  "hold-queue": [
    "Hold the whole queue",
    "Every message is held, and new ones as they come. Nothing is lost; mail waits.",
  ],
  "stop-in": ["Stop new mail in", "Postfix takes no new mail over the network. Senders try again later."],
  "stop-out": ["Stop deliveries out", "Mail is accepted and waits in the queue; nothing leaves."],
} as const;
type Kind = keyof typeof kinds;

/** For the worst hour: stop the mail of the whole host, and let it go again. */
export function Brakes({ host }: { host: Host }) {
  const [asked, setAsked] = useState<Kind | null>(null);
  const client = useQueryClient();
  const brake = useMutation({
    mutationFn: (body: { kind: Kind; on: boolean; confirm?: string }) =>
      call("brake", { params: { host: host.id }, body }),
    onSuccess: (answer) => {
      void toast(answer.said);
      setAsked(null);
    },
    onSettled: () => void client.invalidateQueries(),
  });
  return (
    <Card id="brakes" title="Brakes">
      {brake.isError && !asked ? <ErrorState error={brake.error} compact /> : null}
      <ul className="grid gap-3">
        {(Object.keys(kinds) as Kind[]).map((kind) => {
          const on = host.brakes.find((one) => one.kind === kind);
          return (
            <li key={kind} className="flex flex-wrap items-center justify-between gap-2">
              <div className="min-w-0 flex-1 basis-56">
                <p className="font-medium">
                  {kinds[kind][0]} {on ? <Badge tone="solid">on</Badge> : null}
                </p>
                <p className="text-muted">
                  {on ? (
                    <>
                      by {on.by} <TimeAgo at={on.since} />
                    </>
                  ) : (
                    kinds[kind][1]
                  )}
                </p>
              </div>
              {on ? (
                <Button
                  busy={brake.isPending && brake.variables.kind === kind}
                  aria-label={`Release: ${kinds[kind][0]}`}
                  onClick={() => brake.mutate({ kind, on: false })}
                >
                  Release
                </Button>
              ) : (
                <Button
                  look="danger-plain"
                  aria-label={kinds[kind][0]}
                  onClick={() => {
                    brake.reset();
                    setAsked(kind);
                  }}
                >
                  Put on
                </Button>
              )}
            </li>
          );
        })}
      </ul>
      {asked ? (
        <TypedDialog
          title={kinds[asked][0]}
          word={host.id}
          press="Put the brake on"
          busy={brake.isPending}
          error={brake.error}
          onRun={(confirm) => brake.mutate({ kind: asked, on: true, confirm })}
          onClose={() => setAsked(null)}
        >
          {kinds[asked][1]} It stands on every page until it is released.
        </TypedDialog>
      ) : null}
    </Card>
  );
}
