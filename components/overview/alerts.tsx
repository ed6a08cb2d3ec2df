"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { BellRing } from "lucide-react";
import { useState } from "react";
import type { Alert } from "../../lib/api/actions";
import { call } from "../../lib/api/client";
import { accountPath } from "../domain/account-path";
import { Suspended, Verdict } from "../domain/verdict";
import { Button, LinkButton } from "../ui/button";
import { Card } from "../ui/card";
import { Dialog } from "../ui/dialog";
import { Field, TextArea } from "../ui/field";
import { Link } from "../ui/link";
import { Raw } from "../ui/raw";
import { ErrorState } from "../ui/states";
import { TimeAgo } from "../ui/time-ago";
import { useCall } from "../ui/use-call";

export function Alerts() {
  const alerts = useCall("listAlerts", { query: {} });
  const [chosen, setChosen] = useState<Alert | null>(null);
  const open = alerts.data?.filter((alert) => !alert.acknowledged) ?? [];
  if (alerts.isError && !alerts.data) return <ErrorState error={alerts.error} retry={() => alerts.refetch()} compact />;
  if (open.length === 0) return null;
  return (
    <Card
      title={
        <span className="flex items-center gap-2">
          <BellRing aria-hidden className="size-4 text-danger" />
          {open.length === 1 ? "1 account needs a look" : `${open.length} accounts need a look`}
        </span>
      }
      className="border-danger/50"
      flush
    >
      <ul>
        {open.map((alert) => (
          <li key={alert.id} className="flex flex-wrap items-start gap-x-3 gap-y-2 border-b px-3 py-2 last:border-b-0">
            <div className="min-w-0 flex-1 basis-72">
              <div className="flex flex-wrap items-center gap-2">
                <Verdict verdict={alert.verdict} score={alert.score} />
                <Suspended mode={alert.suspended} />
                <Link href={accountPath(alert.host, alert.account)} className="link break-all font-medium">
                  <Raw>{alert.account}</Raw>
                </Link>
                <span className="text-muted">
                  on {alert.host}, <TimeAgo at={alert.lastAt} />
                </span>
              </div>
              <ul className="mt-0.5 text-muted">
                {alert.sentences.slice(0, 3).map((sentence) => (
                  <li key={sentence}>
                    <Raw>{sentence}</Raw>
                  </li>
                ))}
                {alert.sentences.length > 3 ? <li>and {alert.sentences.length - 3} more findings</li> : null}
              </ul>
            </div>
            <div className="flex gap-2">
              <Button size="small" onClick={() => setChosen(alert)}>
                Acknowledge
              </Button>
              <LinkButton size="small" look="primary" href={accountPath(alert.host, alert.account)}>
                Look
              </LinkButton>
            </div>
          </li>
        ))}
      </ul>
      {chosen ? <Acknowledge alert={chosen} onClose={() => setChosen(null)} /> : null}
    </Card>
  );
}

function Acknowledge({ alert, onClose }: { alert: Alert; onClose: () => void }) {
  const client = useQueryClient();
  const [note, setNote] = useState("");
  const send = useMutation({
    mutationFn: () =>
      call("acknowledge", { params: { alert: alert.id }, body: { note: note.replace(/\s+/g, " ").trim() } }),
    onSuccess: () => {
      void client.invalidateQueries({ queryKey: ["listAlerts"] });
      onClose();
    },
  });
  return (
    <Dialog
      open
      onClose={onClose}
      title="Acknowledge the alert"
      sub={<Raw>{alert.account}</Raw>}
      foot={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button look="primary" busy={send.isPending} onClick={() => send.mutate()}>
            Acknowledge
          </Button>
        </>
      }
    >
      {send.isError ? <ErrorState error={send.error} compact /> : null}
      <Field label="Note" hint="Kept in the history with your name.">
        {(props) => (
          <TextArea {...props} value={note} maxLength={2000} onChange={(event) => setNote(event.target.value)} />
        )}
      </Field>
    </Dialog>
  );
}
