"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { call } from "../../lib/api/client";
import type { Host } from "../../lib/api/hosts";
import { Button } from "../ui/button";
import { Card } from "../ui/card";
import { Commands } from "../ui/copy";
import { Check } from "../ui/field";
import { ErrorState } from "../ui/states";
import { useCall } from "../ui/use-call";
import { showFingerprints } from "./install-command";

/** The host shows another key than the confirmed one. Nothing is sent to it until the new one is compared and confirmed. */
export function HostKey({ host }: { host: Host }) {
  const client = useQueryClient();
  const [same, setSame] = useState(false);
  const params = { host: host.id };
  const settings = useCall("getHostSettings", { params }, { still: true });
  const scan = useMutation({
    mutationFn: (target: { address: string; port: number }) => call("scanHost", { body: target }),
    onSuccess: () => setSame(false),
  });
  const confirm = useMutation({
    mutationFn: (hostKey: string) => call("changeHost", { params, body: { hostKey } }),
    onSettled: () => void client.invalidateQueries(),
  });
  const target = settings.data;
  return (
    <Card id="host-key" title="Another host key" className="border-danger/50">
      <div className="grid gap-3">
        <p>
          {host.name} shows another key than the one that was confirmed. Somebody may stand between, or the host was
          installed anew. Sluice sends nothing to it until the new key is confirmed.
        </p>
        {settings.isError ? <ErrorState error={settings.error} retry={() => settings.refetch()} compact /> : null}
        {scan.isError ? <ErrorState error={scan.error} compact /> : null}
        {confirm.isError ? <ErrorState error={confirm.error} compact /> : null}
        {scan.data ? (
          <>
            <dl className="grid gap-x-3 gap-y-1 sm:grid-cols-[6rem_minmax(0,1fr)]">
              <dt className="text-muted">Confirmed</dt>
              <dd className="break-all font-mono">{target?.fingerprint}</dd>
              <dt className="text-muted">Shown now</dt>
              <dd className="break-all font-mono font-semibold">{scan.data.fingerprint}</dd>
            </dl>
            <p>Compare it with what the host itself says, on its console or over a session you trust:</p>
            <Commands commands={[showFingerprints]} label="Copy command" />
            {host.origin === "added" ? (
              <Check
                label="The fingerprint is the same"
                checked={same}
                onChange={(event) => setSame(event.target.checked)}
              />
            ) : (
              <>
                <p>If it is the same, put this key into the SLUICE_HOSTS file and start Sluice anew:</p>
                <Commands commands={[scan.data.hostKey]} label="Copy key" />
              </>
            )}
          </>
        ) : null}
        <div className="flex flex-wrap gap-2">
          <Button
            disabled={!target}
            busy={scan.isPending}
            onClick={() => target && scan.mutate({ address: target.address, port: target.port })}
          >
            Fetch the key it shows now
          </Button>
          {scan.data && host.origin === "added" ? (
            <Button
              look="danger"
              disabled={!same}
              busy={confirm.isPending}
              onClick={() => confirm.mutate(scan.data.hostKey)}
            >
              Confirm the new key
            </Button>
          ) : null}
        </div>
      </div>
    </Card>
  );
}
