"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useParams } from "next/navigation";
import { useState } from "react";
import { call, urlOf } from "../../lib/api/client";
import { accountPath } from "../domain/account-path";
import { Badge } from "../ui/badge";
import { Button } from "../ui/button";
import { Card, PageHead } from "../ui/card";
import { Field, TextArea } from "../ui/field";
import { Link } from "../ui/link";
import { Raw } from "../ui/raw";
import { ErrorState, Loading } from "../ui/states";
import { Time, TimeAgo } from "../ui/time-ago";
import { useCall } from "../ui/use-call";

export function IncidentPage() {
  const { id: raw } = useParams<{ id: string }>();
  const id = decodeURIComponent(raw);
  const answer = useCall("getIncident", { params: { incident: id } });
  const client = useQueryClient();
  const [note, setNote] = useState("");
  const change = useMutation({
    mutationFn: (body: { note?: string; close?: boolean }) =>
      call("changeIncident", { params: { incident: id }, body }),
    onSuccess: (_, body) => {
      if (body.note) setNote("");
      void client.invalidateQueries({ queryKey: ["getIncident"] });
      void client.invalidateQueries({ queryKey: ["listIncidents"] });
    },
  });
  if (answer.isPending) return <Loading rows={8} />;
  if (!answer.data) return <ErrorState error={answer.error} retry={() => answer.refetch()} />;
  const data = answer.data;
  return (
    <>
      <PageHead
        title={<Raw>{data.account}</Raw>}
        sub={
          <span className="flex flex-wrap items-center gap-2">
            {data.closedAt ? <Badge>closed</Badge> : <Badge tone="warn">open</Badge>}
            opened <TimeAgo at={data.openedAt} /> by <Raw>{data.openedBy}</Raw>
            {data.hosts.map((host) => (
              <Link key={host} href={accountPath(host, data.account)} className="link">
                its page on {host}
              </Link>
            ))}
          </span>
        }
        side={
          <>
            <a
              className="link"
              href={urlOf("incidentReport", { params: { incident: id }, query: { format: "md" } })}
              download={`incident-${id}.md`}
            >
              Report (Markdown)
            </a>
            <a
              className="link"
              href={urlOf("incidentReport", { params: { incident: id }, query: { format: "csv" } })}
              download={`incident-${id}.csv`}
            >
              Report (CSV)
            </a>
            {data.closedAt ? null : (
              <Button busy={change.isPending} onClick={() => change.mutate({ close: true })}>
                Close incident
              </Button>
            )}
          </>
        }
      />
      {change.isError ? <ErrorState error={change.error} /> : null}
      <div className="grid items-start gap-4 lg:grid-cols-2">
        <Card title="Notes">
          <ul className="grid gap-2">
            {data.notes.map((one) => (
              <li key={`${one.at} ${one.by}`} className="border-l-2 pl-2">
                <p className="text-[12px] text-muted">
                  <Time at={one.at} /> <Raw>{one.by}</Raw>
                </p>
                <Raw lines>{one.text}</Raw>
              </li>
            ))}
          </ul>
          {data.notes.length === 0 ? <p className="text-muted">No note yet.</p> : null}
          <form
            className="mt-3 grid justify-items-start gap-2"
            onSubmit={(event) => {
              event.preventDefault();
              // The contract takes text of one line.
              const text = note.replace(/\s+/g, " ").trim();
              if (text) change.mutate({ note: text });
            }}
          >
            <Field label="Add a note" className="w-full">
              {(props) => (
                <TextArea {...props} value={note} maxLength={5000} onChange={(event) => setNote(event.target.value)} />
              )}
            </Field>
            <Button type="submit" look="primary" busy={change.isPending} disabled={!note.trim()}>
              Add note
            </Button>
          </form>
        </Card>
        <div className="grid gap-4">
          <Card title="Findings">
            <ul className="grid gap-1">
              {data.findings.map((one) => (
                <li key={one} className="break-words">
                  <Raw>{one}</Raw>
                </li>
              ))}
            </ul>
            {data.findings.length === 0 ? <p className="text-muted">None yet.</p> : null}
          </Card>
          <Card title="Actions">
            <ul className="grid gap-1">
              {data.actions.map((one) => (
                <li key={one}>
                  <Link href={`/activity?action=${encodeURIComponent(one)}`} className="link font-mono text-[12.5px]">
                    {one}
                  </Link>
                </li>
              ))}
            </ul>
            {data.actions.length === 0 ? <p className="text-muted">None yet.</p> : null}
          </Card>
        </div>
      </div>
    </>
  );
}
