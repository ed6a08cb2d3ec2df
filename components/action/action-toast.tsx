"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { call } from "../../lib/api/client";
import { Button } from "../ui/button";
import { errorText } from "../ui/error-text";
import { formatCount, plural } from "../ui/format";
import { useAction } from "./use-action";
import { isRunning, states, verbs } from "./words";

/** An action that goes on behind the pages, with its undo at the end. */
export function ActionToast({ id }: { id: string }) {
  const action = useAction(id);
  const client = useQueryClient();
  const undo = useMutation({
    mutationFn: () => call("undoAction", { params: { action: id } }),
    onSettled: () => void client.invalidateQueries(),
  });
  const data = action.data;
  if (!data) return <span>Running …</span>;
  return (
    <div className="flex w-full items-center justify-between gap-3">
      <span>
        {isRunning(data.state)
          ? `${verbs[data.kind].label}: ${formatCount(data.done)} of ${formatCount(data.planned)}`
          : data.state === "done"
            ? `${plural(data.done, "message")} ${verbs[data.kind].done}`
            : `${verbs[data.kind].label} ${states[data.state]}`}
        {undo.isError ? ` ${errorText(undo.error).title}` : ""}
      </span>
      {data.undoable && !isRunning(data.state) ? (
        <Button size="small" busy={undo.isPending} onClick={() => undo.mutate()}>
          Undo
        </Button>
      ) : null}
    </div>
  );
}
