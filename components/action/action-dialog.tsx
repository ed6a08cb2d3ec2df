"use client";

import { useMutation } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import type { ActionKind } from "../../lib/api/actions";
import { call } from "../../lib/api/client";
import type { FilterInput } from "../../lib/api/queue";
import { Button } from "../ui/button";
import { Dialog } from "../ui/dialog";
import { Check, Field, Input } from "../ui/field";
import { formatCount } from "../ui/format";
import { ErrorState, Loading } from "../ui/states";
import { toast, toastError } from "../ui/toast";
import { ActionProgress } from "./action-progress";
import { ActionToast } from "./action-toast";
import { PlanPreview } from "./plan-preview";
import { verbs } from "./words";

type Props = { host: string; kind: ActionKind; filter: FilterInput; onClose: (ran: boolean) => void };

/** Plan, preview, confirm, run, report: one dialog from the press to what came of it. */
export function ActionDialog({ host, kind, filter, onClose }: Props) {
  const verb = verbs[kind];
  const [typed, setTyped] = useState("");
  const [reason, setReason] = useState("");
  const [keep, setKeep] = useState(false);
  const [hours, setHours] = useState("24");
  const plan = useMutation({
    mutationFn: () => call("makePlan", { params: { host }, body: { action: kind, filter } }),
  });
  const run = useMutation({
    mutationFn: async (id: string) => {
      const answer = await call("runPlan", {
        body: { plan: id, ...(typed && { confirm: typed.trim() }), ...(reason.trim() && { reason: reason.trim() }) },
      });
      if (keep)
        await call("addStanding", { body: { host, filter, hours: Number(hours) || 24 } }).catch((error: Error) =>
          toastError(`Keep holding was not set: ${error.message}`),
        );
      return answer;
    },
  });
  const asked = useRef(false);
  const make = plan.mutate;
  useEffect(() => {
    if (asked.current) return;
    asked.current = true;
    make();
  }, [make]);

  const close = () => {
    if (run.data) {
      const { id } = run.data;
      toast(<ActionToast id={id} />, { id, duration: 20_000 });
    }
    onClose(Boolean(run.data));
  };
  const data = plan.data;
  const wrong = Boolean(data?.confirm && typed.trim() !== data.confirm);
  return (
    <Dialog
      open
      wide
      locked={run.isPending || Boolean(run.data)}
      onClose={close}
      title={
        data
          ? `${verb.label} ${formatCount(data.messages)} ${data.messages === 1 ? "message" : "messages"}`
          : verb.label
      }
      sub={run.data ? undefined : verb.sentence}
      foot={
        run.data ? (
          <Button onClick={close}>Close</Button>
        ) : (
          <>
            {data?.confirm ? (
              <Field label={`Type ${data.confirm} to confirm`} className="mr-auto w-full sm:w-72">
                {(props) => (
                  <Input
                    {...props}
                    className="font-mono"
                    value={typed}
                    onChange={(event) => setTyped(event.target.value)}
                  />
                )}
              </Field>
            ) : null}
            <Button onClick={close}>Cancel</Button>
            {data ? (
              <Button
                look={verb.danger ? "danger" : "primary"}
                busy={run.isPending}
                disabled={wrong || data.messages === 0}
                onClick={() => run.mutate(data.id)}
              >
                {verb.label} {formatCount(data.messages)}
              </Button>
            ) : null}
          </>
        )
      }
    >
      {run.data ? <ActionProgress id={run.data.id} /> : null}
      {!run.data ? (
        <div className="grid gap-4">
          {run.isError ? <ErrorState error={run.error} compact /> : null}
          {plan.isError || run.isError ? (
            <div>
              {plan.isError ? <ErrorState error={plan.error} compact /> : null}
              <Button
                className="mt-2"
                onClick={() => {
                  run.reset();
                  plan.mutate();
                }}
              >
                Make a new preview
              </Button>
            </div>
          ) : null}
          {plan.isPending || plan.isIdle ? <Loading rows={6} label="Making the preview" /> : null}
          {data && !plan.isPending ? (
            <>
              <PlanPreview plan={data} />
              {kind === "hold" ? (
                <div className="flex flex-wrap items-center gap-2">
                  <Check
                    label="Keep holding what else comes and matches, for"
                    checked={keep}
                    onChange={(event) => setKeep(event.target.checked)}
                  />
                  <Input
                    aria-label="Hours to keep holding"
                    type="number"
                    min={1}
                    max={720}
                    className="w-20"
                    value={hours}
                    onChange={(event) => setHours(event.target.value)}
                  />
                  hours
                </div>
              ) : null}
              <Field label="Reason (optional)" hint="Stands in the audit.">
                {(props) => (
                  <Input
                    {...props}
                    value={reason}
                    maxLength={500}
                    onChange={(event) => setReason(event.target.value)}
                  />
                )}
              </Field>
            </>
          ) : null}
        </div>
      ) : null}
    </Dialog>
  );
}
