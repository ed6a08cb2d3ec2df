"use client";

import type { ReactNode } from "react";
import type { Answer } from "../../lib/api/client";
import { Button } from "../ui/button";
import { Card } from "../ui/card";
import { Commands } from "../ui/copy";
import { later } from "../ui/later";
import { Raw } from "../ui/raw";
import { ErrorState, Loading } from "../ui/states";
import { useUrlState } from "../ui/url-state";
import { useCall } from "../ui/use-call";
import { installCommand } from "./install-command";

const EditHost = later(() => import("./edit-host").then((file) => file.EditHost));

/** How Sluice reaches the host, and where that is changed. `?connection=edit` opens the form. */
export function ConnectionCard({ host }: { host: string }) {
  const settings = useCall("getHostSettings", { params: { host } }, { still: true });
  const { search, set } = useUrlState();
  const data = settings.data;
  const added = data?.origin === "added";
  const open = added && search.get("connection") === "edit";
  return (
    <Card
      id="connection"
      title="Connection"
      side={
        added ? (
          <Button size="small" onClick={() => set({ connection: "edit" })}>
            Edit
          </Button>
        ) : null
      }
    >
      {settings.isError ? <ErrorState error={settings.error} retry={() => settings.refetch()} compact /> : null}
      {settings.isPending ? <Loading rows={4} /> : null}
      {data ? (
        <div className="grid gap-2">
          <Facts data={data} />
          {data.publicKey && "made" in data.key ? <PublicKey publicKey={data.publicKey} user={data.user} /> : null}
          {added ? null : (
            <p className="text-[12px] text-muted">
              {data.origin === "demo"
                ? "A host of the demo: it cannot be changed."
                : "It stands in the SLUICE_HOSTS file: change it there and start Sluice anew."}
            </p>
          )}
        </div>
      ) : null}
      {data && open ? <EditHost start={data} onClose={() => set({ connection: null })} /> : null}
    </Card>
  );
}

function Facts({ data }: { data: Answer<"getHostSettings"> }) {
  const facts: [string, ReactNode][] = [
    ["SSH", <Raw key="ssh" mono>{`${data.user}@${data.address}${data.port === 22 ? "" : `, port ${data.port}`}`}</Raw>],
    [
      "Host key",
      <Raw key="key" mono className="break-all">
        {data.fingerprint}
      </Raw>,
    ],
    [
      "Login key",
      "made" in data.key ? (
        "made by Sluice"
      ) : (
        <Raw key="path" mono>
          {data.key.path}
        </Raw>
      ),
    ],
    [
      "Log",
      data.log ? (
        <Raw key="log" mono>
          {data.log}
        </Raw>
      ) : (
        "found by itself"
      ),
    ],
  ];
  return (
    <dl className="grid grid-cols-[8rem_minmax(0,1fr)] gap-y-1">
      {facts.map(([name, value]) => (
        <div key={name} className="contents">
          <dt className="text-muted">{name}</dt>
          <dd className="min-w-0">{value}</dd>
        </div>
      ))}
    </dl>
  );
}

function PublicKey({ publicKey, user }: { publicKey: string; user: string }) {
  return (
    <details>
      <summary className="text-muted">Install the key on the host again</summary>
      <div className="mt-1 grid gap-1">
        <p className="text-muted">
          On the mail host, as <strong className="text-text">{user}</strong>:
        </p>
        <Commands commands={[installCommand(publicKey)]} label="Copy command" />
      </div>
    </details>
  );
}
