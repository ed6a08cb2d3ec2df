"use client";

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { CircleAlert, CircleCheck, CircleDashed, CircleMinus } from "lucide-react";
import { useState } from "react";
import type { ContainStep } from "../../lib/api/accounts";
import { call } from "../../lib/api/client";
import { containProgress } from "../domain/contain-progress";
import { Button } from "../ui/button";
import { Dialog } from "../ui/dialog";
import { Check, Field, Input, Select } from "../ui/field";
import { Raw } from "../ui/raw";
import { ErrorState, Loading } from "../ui/states";
import { useCall } from "../ui/use-call";

const parts = {
  suspend: "Suspend the account",
  "hold-queue-mail": "Hold its mail in the queue",
  "keep-holding": "Keep holding what still comes",
  "end-sessions": "End its open sessions",
  "mailbox-command": "Run the mailbox command",
} as const;
type Part = ContainStep["part"];
type Props = { op: "contain" | "lift"; host: string; account: string; onClose: () => void };

/** Contain and lift: what would be done, on which hosts, then what really happened, part by part. */
export function ContainDialog({ op, host, account, onClose }: Props) {
  const client = useQueryClient();
  const [mode, setMode] = useState<"reject" | "hold">("reject");
  const [allHosts, setAllHosts] = useState(true);
  const [off, setOff] = useState<ReadonlySet<Part>>(new Set(["mailbox-command"]));
  const [reason, setReason] = useState("");
  const preview = useCall("containPreview", { params: { host, account } }, { enabled: op === "contain", still: true });
  // The stream puts it in; nobody asks for it.
  const progress = useQuery<ContainStep[]>({ queryKey: containProgress(host, account), enabled: false });
  const run = useMutation({
    onMutate: () => client.removeQueries({ queryKey: containProgress(host, account) }),
    mutationFn: () =>
      call("contain", {
        params: { host, account },
        body: {
          op,
          allHosts,
          ...(op === "contain" && { mode, parts: offered.filter((part) => !off.has(part)) }),
          ...(reason.trim() && { reason: reason.trim() }),
        },
      }),
    onSettled: () => void client.invalidateQueries(),
  });
  const steps = preview.data?.steps ?? [];
  const offered = (Object.keys(parts) as Part[]).filter((part) => steps.some((step) => step.part === part));
  const contain = op === "contain";
  const chosen = steps.filter((step) => !off.has(step.part) && (allHosts || step.host === host));
  return (
    <Dialog
      open
      onClose={onClose}
      locked={run.isPending}
      title={contain ? "Contain the account" : "Lift what stops the account"}
      sub={<Raw>{account}</Raw>}
      foot={
        run.data ? (
          <Button onClick={onClose}>Close</Button>
        ) : (
          <>
            {run.isPending ? null : <Button onClick={onClose}>Cancel</Button>}
            <Button
              look={contain ? "danger" : "primary"}
              busy={run.isPending}
              disabled={contain && (!preview.data || offered.every((part) => off.has(part)))}
              onClick={() => run.mutate()}
            >
              {contain ? "Contain now" : "Lift now"}
            </Button>
          </>
        )
      }
    >
      {run.data ? (
        <Steps steps={run.data.steps} />
      ) : run.isPending && (contain || progress.data) ? (
        <Steps steps={progress.data ?? chosen.map((step) => ({ ...step, state: "planned" }))} />
      ) : (
        <div className="grid gap-3">
          {run.isError ? <ErrorState error={run.error} compact /> : null}
          {contain && preview.isPending ? <Loading rows={5} label="Looking what would be done" /> : null}
          {contain && preview.isError ? (
            <ErrorState error={preview.error} retry={() => preview.refetch()} compact />
          ) : null}
          {contain && preview.data ? (
            <>
              <fieldset className="grid gap-0.5">
                <legend className="mb-1 font-medium">Parts</legend>
                {offered.map((part) => (
                  <Check
                    key={part}
                    label={parts[part]}
                    checked={!off.has(part)}
                    onChange={() => {
                      const next = new Set(off);
                      if (!next.delete(part)) next.add(part);
                      setOff(next);
                    }}
                  />
                ))}
              </fieldset>
              <Field label="New mail of the account is">
                {(props) => (
                  <Select
                    {...props}
                    value={mode}
                    onChange={(event) => setMode(event.target.value as "reject" | "hold")}
                  >
                    <option value="reject">rejected</option>
                    <option value="hold">accepted and held (quarantine)</option>
                  </Select>
                )}
              </Field>
              <Steps steps={chosen} />
            </>
          ) : null}
          {contain ? null : (
            <p>
              The account may send again, what Sluice held of it is released, and nothing more of it is held. Mail that
              was purged stays in its archive.
            </p>
          )}
          <Check label="On all hosts" checked={allHosts} onChange={(event) => setAllHosts(event.target.checked)} />
          <Field label="Reason (optional)" hint="Stands in the audit.">
            {(props) => (
              <Input {...props} value={reason} maxLength={500} onChange={(event) => setReason(event.target.value)} />
            )}
          </Field>
        </div>
      )}
    </Dialog>
  );
}

const icons = {
  planned: [CircleDashed, "text-muted", "planned"],
  running: [CircleDashed, "animate-spin text-accent", "running"],
  done: [CircleCheck, "text-good", "done"],
  failed: [CircleAlert, "text-danger", "failed"],
  skipped: [CircleMinus, "text-muted", "skipped"],
} as const;

function Steps({ steps }: { steps: ContainStep[] }) {
  return (
    <ul aria-label="Steps" className="rounded-md border">
      {steps.map((step) => {
        const [Icon, look, word] = icons[step.state];
        return (
          <li key={`${step.host} ${step.part}`} className="flex items-start gap-2 border-b px-3 py-1.5 last:border-b-0">
            <Icon aria-hidden className={`mt-0.5 size-4 shrink-0 ${look}`} />
            <span className="min-w-0">
              <span className="font-medium">{parts[step.part]}</span>{" "}
              <span className="text-muted">
                on {step.host}: {word}
              </span>
              <Raw className="block break-words text-muted" empty="">
                {step.said}
              </Raw>
            </span>
          </li>
        );
      })}
    </ul>
  );
}
