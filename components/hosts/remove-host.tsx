"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { call } from "../../lib/api/client";
import type { Host } from "../../lib/api/hosts";
import { Button } from "../ui/button";
import { Card } from "../ui/card";
import { TypedDialog } from "./typed-dialog";

export function RemoveHost({ host }: { host: Host }) {
  const [open, setOpen] = useState(false);
  const router = useRouter();
  const client = useQueryClient();
  const remove = useMutation({
    mutationFn: () => call("removeHost", { params: { host: host.id } }),
    onSuccess: () => {
      void client.invalidateQueries({ queryKey: ["listHosts"] });
      router.push("/hosts");
    },
  });
  return (
    <Card title="Remove from Sluice">
      <div className="flex flex-wrap items-center justify-between gap-2">
        <p className="text-muted">The mail host itself stays as it is.</p>
        <Button look="danger-plain" onClick={() => setOpen(true)}>
          Remove host
        </Button>
      </div>
      {open ? (
        <TypedDialog
          title={`Remove ${host.name}`}
          word={host.id}
          press="Remove"
          busy={remove.isPending}
          error={remove.error}
          onRun={() => remove.mutate()}
          onClose={() => setOpen(false)}
        >
          Sluice forgets its connection and what it read of its log. Archives on the host stay there.
        </TypedDialog>
      ) : null}
    </Card>
  );
}
