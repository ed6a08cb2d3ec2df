import { mkdirSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { isMainThread } from "node:worker_threads";
import { DemoHost } from "./demo-host";
import { newKeys } from "./keys";
import { type Served, serve } from "./ssh-server";
import { begin, type Story } from "./world";

/** An entry of SLUICE_HOSTS. */
export type DemoEntry = {
  id: string;
  name: string;
  address: string;
  port: number;
  user: string;
  privateKey: string;
  hostKey: string;
  /** ssh2's server takes no packet over 35,000 bytes, and the travelling script is longer: only the verb is sent. */
  lockedDown: true;
};
export type DemoHosts = { hosts: DemoEntry[]; stop(): Promise<void> };

type Part = Story & { id: string; name: string; seed: number; drops?: true };
const parts: Part[] = [
  { id: "mx1", name: "mx1.example.com (under attack)", seed: 11, historyDays: 3, attack: true, busy: 1 },
  { id: "mx2", name: "mx2.example.com (quiet)", seed: 22, historyDays: 3, attack: false, busy: 0.4 },
  {
    id: "mx3",
    name: "mx3.example.com (drops its connection)",
    seed: 33,
    historyDays: 1,
    attack: false,
    busy: 0.3,
    drops: true,
  },
];
/** How often things happen, ms: fast enough that a page sees them come. */
const beat = 250;

/**
 * Starts the demo's three mail hosts on loopback. Keys are made anew in `dir` (0600 where the system knows modes). The
 * hosts live in this process: end it, or call stop.
 */
export async function startDemoHosts(dir: string): Promise<DemoHosts> {
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  const keys = newKeys("sluice-demo");
  const privateKey = resolve(join(dir, "demo-key"));
  writeFileSync(privateKey, keys.private, { mode: 0o600 });
  const served: Served[] = [];
  const hosts: DemoEntry[] = [];
  const timers: NodeJS.Timeout[] = [];
  for (const { id, name, seed, drops, ...story } of parts) {
    const host = new DemoHost(id, seed);
    const now = Date.now();
    begin(host, story, now);
    host.agenda.playUntil(now);
    const hostKeys = newKeys(id);
    const server = await serve(host, hostKeys.private, keys.public);
    served.push(server);
    timers.push(
      setInterval(() => {
        host.agenda.playUntil(Date.now());
        host.log.flush();
      }, beat),
    );
    if (drops) timers.push(setInterval(server.dropAll, 75_000));
    const hostKey = hostKeys.public.split(" ").slice(0, 2).join(" ");
    hosts.push({
      id,
      name,
      address: "127.0.0.1",
      port: server.port,
      user: "root",
      privateKey,
      hostKey,
      lockedDown: true,
    });
  }
  return {
    hosts,
    async stop() {
      for (const timer of timers) clearInterval(timer);
      await Promise.all(served.map((server) => server.stop()));
    },
  };
}

/** `node --import tsx --conditions react-server lib/demo/main.ts DIR`: writes DIR/hosts.json (for SLUICE_HOSTS), prints its path and serves until told to end. */
async function main(dir = "demo-data"): Promise<void> {
  const { hosts, stop } = await startDemoHosts(dir);
  const file = resolve(join(dir, "hosts.json"));
  writeFileSync(file, `${JSON.stringify(hosts, null, 2)}\n`, { mode: 0o600 });
  console.log(file);
  for (const signal of ["SIGINT", "SIGTERM"] as const)
    process.once(signal, () => void stop().then(() => process.exit(0)));
}

// In the bundle that start.mjs runs as a thread, this file is part of the thread's program: it is no command there.
if (isMainThread && process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href)
  main(process.argv[2]).catch((error: Error) => {
    console.error(error.message);
    process.exit(1);
  });
