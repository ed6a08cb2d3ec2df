"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { call } from "../../lib/api/client";
import { Badge } from "../ui/badge";
import { Button } from "../ui/button";
import { Card } from "../ui/card";
import { Raw } from "../ui/raw";
import { ErrorState, Loading } from "../ui/states";
import { useCall } from "../ui/use-call";
import { TypedDialog } from "./typed-dialog";

/** Postfix and Dovecot, as looked at; stopping one must be typed. */
export function Services({ host }: { host: string }) {
  const services = useCall("listServices", { params: { host } });
  const [stop, setStop] = useState<string | null>(null);
  const client = useQueryClient();
  const change = useMutation({
    mutationFn: ({ service, ...body }: { service: string; op: "start" | "stop"; confirm?: string }) =>
      call("service", { params: { host, service }, body }),
    onSuccess: () => setStop(null),
    onSettled: () => void client.invalidateQueries(),
  });
  return (
    <Card title="Services">
      {services.isError ? <ErrorState error={services.error} retry={() => services.refetch()} compact /> : null}
      {change.isError && !stop ? <ErrorState error={change.error} compact /> : null}
      {services.isPending ? <Loading rows={2} /> : null}
      <ul className="grid gap-2">
        {services.data?.map((one) => (
          <li key={one.service} className="flex flex-wrap items-center justify-between gap-2">
            <div className="min-w-0">
              <p className="font-medium">
                {one.service}{" "}
                <Badge tone={one.running ? "good" : "danger"}>{one.running ? "running" : "stopped"}</Badge>
              </p>
              <Raw className="text-[12px] text-muted" empty="">
                {one.running ? one.detail : ""}
              </Raw>
            </div>
            {one.running ? (
              <Button
                look="danger-plain"
                aria-label={`Stop ${one.service}`}
                onClick={() => {
                  change.reset();
                  setStop(one.service);
                }}
              >
                Stop
              </Button>
            ) : (
              <Button
                aria-label={`Start ${one.service}`}
                busy={change.isPending && change.variables.service === one.service}
                onClick={() => change.mutate({ service: one.service, op: "start" })}
              >
                Start
              </Button>
            )}
          </li>
        ))}
      </ul>
      {stop ? (
        <TypedDialog
          title={`Stop ${stop}`}
          word={stop}
          press={`Stop ${stop}`}
          busy={change.isPending}
          error={change.error}
          onRun={(confirm) => change.mutate({ service: stop, op: "stop", confirm })}
          onClose={() => setStop(null)}
        >
          Nobody on this host can send or read mail through it until it is started again.
        </TypedDialog>
      ) : null}
    </Card>
  );
}
