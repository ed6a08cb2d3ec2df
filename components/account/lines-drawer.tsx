"use client";

import { CopyButton } from "../ui/copy";
import { Dialog } from "../ui/dialog";
import { Select } from "../ui/field";
import { plural } from "../ui/format";
import { LogLines } from "../ui/log-lines";
import { Raw } from "../ui/raw";
import { Empty, ErrorState, Loading } from "../ui/states";
import { useUrlState } from "../ui/url-state";
import { useCall } from "../ui/use-call";
import type { Window } from "../ui/window-select";
import { kinds, narrowings, noLines } from "./line-kinds";

/** The raw lines behind a number. What it shows is in the address, so a colleague sees the same. */
export function LinesDrawer({ host, account, window }: { host: string; account: string; window: Window }) {
  const { search, set } = useUrlState();
  const of = search.get("lines");
  if (!of || !(of in kinds)) return null;
  return (
    <Lines
      key={of}
      host={host}
      account={account}
      window={window}
      of={of as keyof typeof kinds}
      onClose={() => set({ ...noLines, around: null })}
    />
  );
}

type Props = { host: string; account: string; window: Window; of: keyof typeof kinds; onClose: () => void };

function Lines({ host, account, window: shown, of, onClose }: Props) {
  const { search, set } = useUrlState();
  const around = search.get("around") ?? "0";
  const narrow = Object.fromEntries(narrowings.map((key) => [key, search.get(key) ?? undefined]));
  const words = narrowings.flatMap((key) => (key !== "session" && narrow[key] ? [narrow[key]] : []));
  const about = narrow.session ? ["one session", ...words] : words;
  const lines = useCall(
    "accountLines",
    { params: { host, account }, query: { ...shown, of, ...narrow, around, limit: 500 } },
    { keep: true, still: true },
  );
  return (
    <Dialog
      open
      side
      onClose={onClose}
      title={`${kinds[of]}: log lines`}
      sub={
        lines.data ? (
          <Raw>{plural(lines.data.total, "line") + (about.length ? ` of ${about.join(", ")}` : "")}</Raw>
        ) : (
          "Reading"
        )
      }
    >
      <div className="mb-2 flex flex-wrap items-center gap-2">
        <Select aria-label="Kind of lines" value={of} onChange={(event) => set({ lines: event.target.value })}>
          {Object.entries(kinds).map(([value, label]) => (
            <option key={value} value={value}>
              {label}
            </option>
          ))}
        </Select>
        <Select aria-label="Lines around each" value={around} onChange={(event) => set({ around: event.target.value })}>
          {["0", "2", "5", "10", "50"].map((n) => (
            <option key={n} value={n}>
              {n === "0" ? "only these lines" : `${n} lines before and after`}
            </option>
          ))}
        </Select>
        <CopyButton text={typeof location === "undefined" ? "" : location.href} label="Copy link" />
        {lines.data ? (
          <CopyButton text={lines.data.lines.map((line) => line.text).join("\n")} label="Copy lines" />
        ) : null}
      </div>
      {lines.isError ? <ErrorState error={lines.error} retry={() => lines.refetch()} /> : null}
      {lines.isPending ? <Loading rows={12} /> : null}
      {lines.data?.lines.length === 0 ? <Empty title="No line of this kind in the window" /> : null}
      {lines.data?.lines.length ? <LogLines lines={lines.data.lines} /> : null}
      {lines.data && lines.data.total > lines.data.lines.filter((line) => line.hit).length ? (
        <p className="mt-2 text-muted">The newest are shown. Choose a shorter window to see the others.</p>
      ) : null}
    </Dialog>
  );
}
