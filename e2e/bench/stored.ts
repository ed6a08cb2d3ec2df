import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Dashboard, startDashboard } from "../dashboard";
import type { MailHost } from "../mailhost/host";
import { makeLog } from "./make-log";
import { type Figure, percentile, timed, waitFor } from "./measure";

const readingMb = 100;
const days = 7;
const watched = ["stolen@example.com", ...Array.from({ length: 19 }, (_, n) => `user${n * n * 5}@example.com`)];

/**
 * Drill-downs into a store of `messages`, made by the store's own writer, while a log of 100 MB is read beside it and when it
 * has been: the list of accounts, and of twenty accounts, the stolen one first, the account, its sessions and its timeline.
 */
export async function benchStored(host: MailHost, messages: number): Promise<Figure[]> {
  makeLog(join(host.dir, "var/log/mail.log"), { bytes: readingMb * 1_000_000, end: Date.now(), name: host.name });
  const dataDir = mkdtempSync(join(tmpdir(), "sluice-bench-"));
  try {
    const folder = join(dataDir, "events", host.name);
    const fill = ["--import", "tsx", "--conditions", "react-server", "lib/store/events/fill.ts"];
    const { status } = spawnSync(process.execPath, [...fill, folder, String(messages), String(days)], {
      stdio: "inherit",
    });
    if (status !== 0) throw new Error("bench: the store could not be filled");
    const dashboard = await startDashboard([], { dataDir });
    try {
      await dashboard.json("GET", "/api/hosts");
      await dashboard.json("POST", "/api/hosts", {
        id: host.name,
        name: host.name,
        address: "127.0.0.1",
        port: host.sshPort,
        user: host.user,
        key: { path: host.clientKeyPath },
        hostKey: host.hostKey,
        log: "/var/log/mail.log",
      });
      const reading = async () => (await hostLog(dashboard, host)).backfill !== null;
      await waitFor("history being read", async () => ((await reading()) ? true : null));
      const during: number[] = [];
      while (await reading()) during.push(...(await drill(dashboard, host)));
      const idle = await drill(dashboard, host);
      return [
        figure(`drill-downs at ${messages} messages while a log is read, 95th percentile`, during),
        figure(`drill-downs at ${messages} messages, 95th percentile`, idle),
      ];
    } finally {
      await dashboard.stop();
    }
  } finally {
    rmSync(dataDir, { recursive: true, force: true });
  }
}

const figure = (what: string, views: number[]): Figure => ({
  what,
  value: percentile(views, 0.95),
  unit: "ms",
  bound: 100,
  note: `median ${Math.round(percentile(views, 0.5))} ms of ${views.length}`,
});

export type HostLog = { behindBytes: number; newest: string | null; backfill: { done: number } | null };
export async function hostLog(dashboard: Dashboard, host: { name: string }): Promise<HostLog> {
  const hosts = await dashboard.json<{ id: string; log: HostLog }[]>("GET", "/api/hosts");
  const found = hosts.find(({ id }) => id === host.name);
  if (!found) throw new Error(`bench: ${host.name} is not among the hosts`);
  return found.log;
}

async function drill(dashboard: Dashboard, host: MailHost): Promise<number[]> {
  const views: number[] = [];
  const paths = watched.flatMap((account) =>
    ["", "/sessions", "/timeline"].map((what) => `/${encodeURIComponent(account)}${what}?last=all`),
  );
  for (const path of ["?last=all&limit=100", "?last=24h&limit=100", ...paths])
    views.push((await timed(() => dashboard.json("GET", `/api/hosts/${host.name}/accounts${path}`))).seconds * 1000);
  return views;
}
