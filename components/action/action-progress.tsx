"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import type { Action } from "../../lib/api/actions";
import { call } from "../../lib/api/client";
import { Button } from "../ui/button";
import { formatCount, formatDuration, plural } from "../ui/format";
import { Progress } from "../ui/progress";
import { Raw } from "../ui/raw";
import { ErrorState, Loading, Note } from "../ui/states";
import { useAction } from "./use-action";
import { isRunning, skips, states, timeLeft, verbs } from "./words";

/** How far an action is, and at its end the report with its undo. It goes on when this is closed. */
export function ActionProgress({ id }: { id: string }) {
  const action = useAction(id);
  const client = useQueryClient();
  const settle = () => void client.invalidateQueries();
  const cancel = useMutation({ mutationFn: () => call("cancelAction", { params: { action: id } }), onSettled: settle });
  const undo = useMutation({ mutationFn: () => call("undoAction", { params: { action: id } }), onSettled: settle });
  if (action.isError && !action.data) return <ErrorState error={action.error} retry={() => action.refetch()} compact />;
  if (!action.data) return <Loading rows={3} />;
  const data = action.data;
  const running = isRunning(data.state);
  return (
    <div className="grid gap-3">
      <div className="flex flex-wrap items-baseline justify-between gap-2" aria-live="polite">
        <p className="font-semibold text-[16px]">
          {running ? `${verbs[data.kind].label}: ${data.stage ?? states[data.state]}` : headline(data)}
        </p>
        {running ? <p className="text-muted">{rateText(data)}</p> : null}
      </div>
      <Progress done={data.done} total={data.planned} label={`${verbs[data.kind].label} progress`} />
      <p>
        {formatCount(data.done)} of {plural(data.planned, "message")} {data.state === "undone" ? "had been " : ""}
        {verbs[data.kind].done}
      </p>
      {data.skipped.length ? (
        <ul className="rounded-md border px-3 py-1">
          {data.skipped.map((one) => (
            <li key={one.reason}>
              {formatCount(one.messages)} {skips[one.reason]}
              {one.ids.length ? (
                <Raw mono className="ml-2 break-all text-muted">
                  {one.ids.slice(0, 5).join(" ") + (one.messages > 5 ? " …" : "")}
                </Raw>
              ) : null}
            </li>
          ))}
        </ul>
      ) : null}
      {data.newIds.length ? (
        <details>
          <summary className="cursor-pointer">New queue ids</summary>
          <ul className="max-h-48 overflow-auto rounded-md border px-3 py-1">
            {data.newIds.map(({ id, newId }) => (
              <li key={id}>
                <Raw mono>{`${id} → ${newId}`}</Raw>
              </li>
            ))}
          </ul>
        </details>
      ) : null}
      {data.arrivedLater ? (
        <Note>{plural(data.arrivedLater, "message")} that match came after the preview and were not touched.</Note>
      ) : null}
      {data.problem ? (
        <Note tone="danger" role="alert">
          <Raw>{data.problem}</Raw>
        </Note>
      ) : null}
      {cancel.isError ? <ErrorState error={cancel.error} compact /> : null}
      {undo.isError ? <ErrorState error={undo.error} compact /> : null}
      <div className="flex gap-2">
        {running && data.state !== "undoing" ? (
          <Button busy={cancel.isPending} onClick={() => cancel.mutate()}>
            Cancel what is not done yet
          </Button>
        ) : null}
        {data.undoable && !running ? (
          <Button busy={undo.isPending} onClick={() => undo.mutate()}>
            Undo
          </Button>
        ) : null}
      </div>
    </div>
  );
}

function headline(action: Action): string {
  if (action.state === "done") return `Done: ${plural(action.done, "message")} ${verbs[action.kind].done}`;
  return `${verbs[action.kind].label} ${states[action.state]}`;
}

function rateText(action: Action): string {
  const left = timeLeft(action);
  const rate = action.perSecond ? `${formatCount(Math.round(action.perSecond))} a second` : "";
  return [rate, left === null ? "" : `${formatDuration(left)} left`].filter(Boolean).join(", ");
}
