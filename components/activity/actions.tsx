"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import type { Action } from "../../lib/api/actions";
import { call } from "../../lib/api/client";
import { ActionProgress } from "../action/action-progress";
import { filterWords, isRunning, states, verbs } from "../action/words";
import { Badge, type Tone } from "../ui/badge";
import { Button } from "../ui/button";
import { Card } from "../ui/card";
import { Dialog } from "../ui/dialog";
import { formatCount } from "../ui/format";
import { Raw } from "../ui/raw";
import { Empty, ErrorState, Loading } from "../ui/states";
import { NewerPill, useSteady } from "../ui/steady";
import { Table, Td, Th } from "../ui/table";
import { TimeAgo } from "../ui/time-ago";
import { useUrlState } from "../ui/url-state";
import { useCall } from "../ui/use-call";

const tones: Record<Action["state"], Tone> = {
  waiting: "neutral",
  running: "accent",
  done: "good",
  failed: "danger",
  cancelled: "warn",
  undoing: "accent",
  undone: "neutral",
};

export function Actions() {
  const { search, set } = useUrlState();
  const [cursor, setCursor] = useState<string>();
  const answer = useCall("listActions", { query: { limit: 100, cursor } }, { keep: true });
  const steady = useSteady(answer.data, cursor ?? "");
  const open = search.get("action");
  const client = useQueryClient();
  const undo = useMutation({
    mutationFn: (action: string) => call("undoAction", { params: { action } }),
    onSuccess: ({ id }) => set({ action: id }, "push"),
    onSettled: () => void client.invalidateQueries(),
  });
  const actions = steady.value?.actions ?? [];
  return (
    <Card title="Actions" side={<NewerPill {...steady} />} flush>
      {answer.isError ? <ErrorState error={answer.error} retry={() => answer.refetch()} /> : null}
      {undo.isError ? <ErrorState error={undo.error} compact /> : null}
      {answer.isPending ? <Loading /> : null}
      {answer.data && actions.length === 0 ? (
        <Empty title="Nothing was done yet">Holds, purges and their undo are listed here.</Empty>
      ) : null}
      {actions.length ? (
        <div {...steady.bind}>
          <Table label="Actions">
            <thead>
              <tr>
                <Th>When</Th>
                <Th>Action</Th>
                <Th>Host</Th>
                <Th>On what</Th>
                <Th end>Done</Th>
                <Th>State</Th>
                <Th>By</Th>
                <Th>
                  <span className="sr-only">Report</span>
                </Th>
              </tr>
            </thead>
            <tbody>
              {actions.map((action) => (
                <tr key={action.id} className="hover:bg-sunken/60">
                  <Td className="whitespace-nowrap">
                    {action.startedAt ? <TimeAgo at={action.startedAt} /> : "waiting"}
                  </Td>
                  <Td className="font-medium">{verbs[action.kind].label}</Td>
                  <Td>{action.host}</Td>
                  <Td className="max-w-96">
                    <Raw className="break-words">{filterWords(action.filter)}</Raw>
                    {action.reason ? <Raw className="block text-[12px] text-muted">{action.reason}</Raw> : null}
                  </Td>
                  <Td end className="whitespace-nowrap">
                    {formatCount(action.done)} of {formatCount(action.planned)}
                  </Td>
                  <Td className="whitespace-nowrap">
                    <Badge tone={tones[action.state]}>
                      {isRunning(action.state) ? (action.stage ?? states[action.state]) : states[action.state]}
                    </Badge>
                  </Td>
                  <Td>
                    <Raw>{action.by}</Raw>
                  </Td>
                  <Td end className="whitespace-nowrap">
                    {action.undoable && !isRunning(action.state) ? (
                      <Button
                        size="small"
                        className="mr-1.5"
                        aria-label={`Undo ${verbs[action.kind].label} ${action.id}`}
                        busy={undo.isPending && undo.variables === action.id}
                        onClick={() => undo.mutate(action.id)}
                      >
                        Undo
                      </Button>
                    ) : null}
                    <Button
                      size="small"
                      aria-label={`Report of ${verbs[action.kind].label} ${action.id}`}
                      onClick={() => set({ action: action.id }, "push")}
                    >
                      Report
                    </Button>
                  </Td>
                </tr>
              ))}
            </tbody>
          </Table>
        </div>
      ) : null}
      {steady.value?.next || cursor ? (
        <div className="flex justify-center gap-2 p-2">
          {cursor ? <Button onClick={() => setCursor(undefined)}>Newest</Button> : null}
          {steady.value?.next ? (
            <Button onClick={() => setCursor(steady.value?.next ?? undefined)}>Older</Button>
          ) : null}
        </div>
      ) : null}
      {open ? (
        <Dialog
          open
          onClose={() => set({ action: null })}
          title="Report of the action"
          sub={<span className="font-mono">{open}</span>}
        >
          <ActionProgress id={open} />
        </Dialog>
      ) : null}
    </Card>
  );
}
