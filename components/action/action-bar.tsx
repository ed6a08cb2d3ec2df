"use client";

import { useState } from "react";
import type { ActionKind } from "../../lib/api/actions";
import type { FilterInput } from "../../lib/api/queue";
import { Button } from "../ui/button";
import { plural } from "../ui/format";
import { later } from "../ui/later";
import { verbs } from "./words";

const ActionDialog = later(() => import("./action-dialog").then((file) => file.ActionDialog));

const kinds: ActionKind[] = ["hold", "release", "requeue", "flush", "aside", "purge"];
type Props = {
  host: string;
  filter: FilterInput;
  count: number;
  chosen: boolean;
  onClear?: () => void;
  disabled?: boolean;
  only?: ActionKind[];
};

/** What can be done with what matches, or with what is chosen. Each press opens a preview first. */
export function ActionBar({ host, filter, count, chosen, onClear, disabled, only = kinds }: Props) {
  const [kind, setKind] = useState<ActionKind | null>(null);
  return (
    <div role="toolbar" aria-label="Actions" className="flex flex-wrap items-center gap-1.5 border-b px-3 py-1.5">
      <span className="mr-1 text-muted">
        {chosen ? `${plural(count, "message")} chosen:` : `All ${plural(count, "matching message")}:`}
      </span>
      {only.map((one) => (
        <Button
          key={one}
          size="small"
          look={verbs[one].danger ? "danger-plain" : "plain"}
          disabled={disabled}
          onClick={() => setKind(one)}
        >
          {verbs[one].label}
        </Button>
      ))}
      {chosen && onClear ? (
        <Button size="small" look="ghost" onClick={onClear}>
          Clear choice
        </Button>
      ) : null}
      {kind ? (
        <ActionDialog
          host={host}
          kind={kind}
          filter={filter}
          onClose={(ran) => {
            setKind(null);
            if (ran) onClear?.();
          }}
        />
      ) : null}
    </div>
  );
}
