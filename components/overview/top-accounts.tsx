"use client";

import { keepPreviousData, useQueries } from "@tanstack/react-query";
import { call, keyOf } from "../../lib/api/client";
import type { Host } from "../../lib/api/hosts";
import { AccountTable } from "../domain/account-table";
import { Card } from "../ui/card";
import { usePolling } from "../ui/live";
import { Empty, ErrorState, Loading } from "../ui/states";
import { NewerPill, useSteady } from "../ui/steady";
import { useWindow } from "../ui/window-select";

const each = 15;

/** Top accounts over all hosts; a host that does not answer leaves the others' on screen. */
export function TopAccounts({ hosts }: { hosts: Host[] }) {
  const window = useWindow();
  const polling = usePolling();
  const answers = useQueries({
    queries: hosts.map((host) => {
      const args = { params: { host: host.id }, query: { ...window, limit: each } };
      return {
        queryKey: keyOf("listAccounts", args),
        queryFn: () => call("listAccounts", args),
        refetchInterval: polling ? 5_000 : (false as const),
        placeholderData: keepPreviousData,
      };
    }),
    combine: (results) => ({
      rows: results
        .flatMap((result, index) => result.data?.map((row) => ({ ...row, host: hosts[index]?.id ?? "" })) ?? [])
        .sort((a, b) => b.messages - a.messages)
        .slice(0, 25),
      pending: results.some((result) => result.isPending),
      error: results.find((result) => result.isError && !result.data)?.error ?? null,
    }),
  });
  const steady = useSteady(answers.rows, JSON.stringify(window));
  return (
    <Card title="Top accounts" side={<NewerPill {...steady} />} flush>
      {answers.error ? <ErrorState error={answers.error} /> : null}
      {answers.pending && answers.rows.length === 0 ? <Loading rows={6} /> : null}
      {!answers.pending && !answers.error && answers.rows.length === 0 ? (
        <Empty title="No login sent mail in this window">
          Choose a longer window, or look at the host's log under Hosts.
        </Empty>
      ) : null}
      {answers.rows.length ? (
        <div {...steady.bind}>
          <AccountTable rows={steady.value} showHost={hosts.length > 1} />
        </div>
      ) : null}
    </Card>
  );
}
