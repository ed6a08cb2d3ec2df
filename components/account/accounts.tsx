"use client";

import { useParams } from "next/navigation";
import { useState } from "react";
import { AccountTable, type SortKey } from "../domain/account-table";
import { HostHead } from "../domain/host-head";
import { Card } from "../ui/card";
import { Input } from "../ui/field";
import { plural } from "../ui/format";
import { Empty, ErrorState, Loading } from "../ui/states";
import { NewerPill, useSteady } from "../ui/steady";
import { useUrlState } from "../ui/url-state";
import { useCall } from "../ui/use-call";
import { useWindow, WindowSelect } from "../ui/window-select";

export function Accounts() {
  const { host = "" } = useParams<{ host: string }>();
  const { search, set } = useUrlState();
  const window = useWindow();
  const [text, setText] = useState(search.get("text") ?? "");
  const sort = search.get("sort") ?? "-messages";
  const query = { ...window, limit: 1000, text: search.get("text") || undefined };
  const accounts = useCall("listAccounts", { params: { host }, query }, { keep: true });
  const steady = useSteady(accounts.data, `${host} ${JSON.stringify(query)}`);
  const key = sort.replace("-", "") as SortKey;
  const rows = (steady.value ?? [])
    .map((row) => ({ ...row, host }))
    .sort((a, b) => (sort.startsWith("-") ? b[key] - a[key] : a[key] - b[key]));
  return (
    <>
      <HostHead id={host} page="accounts" side={<WindowSelect />} />
      <Card
        title={steady.value ? plural(rows.length, "account") : "Accounts"}
        side={
          <div className="flex items-center gap-2">
            <NewerPill {...steady} />
            <Input
              data-search
              type="search"
              aria-label="Search accounts"
              placeholder="Search (/)"
              className="w-52"
              value={text}
              onChange={(event) => {
                setText(event.target.value);
                set({ text: event.target.value || null });
              }}
            />
          </div>
        }
        flush
      >
        {accounts.isError ? <ErrorState error={accounts.error} retry={() => accounts.refetch()} /> : null}
        {accounts.isPending ? <Loading rows={10} /> : null}
        {accounts.data?.length === 0 ? (
          <Empty title="No account matches">Choose a longer window or another text.</Empty>
        ) : null}
        {rows.length ? (
          <div {...steady.bind}>
            <AccountTable
              rows={rows}
              sort={sort}
              onSort={(next) => set({ sort: next === "-messages" ? null : next })}
            />
          </div>
        ) : null}
      </Card>
    </>
  );
}
