import "server-only";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { ApiError } from "../../api/errors";
import type { Host } from "../../api/hosts";
import type { QueryAnswer, QueryName, QueryParams } from "../../store/events/queries";
import { publish } from "../bus";
import { env } from "../env";
import type { ManagedHost } from "../hosts/managed-host";
import { probed } from "../hosts/poller";
import { hosts, onHosts } from "../hosts/registry";
import { log } from "../log";
import { settings } from "../settings";
import { singleton } from "../singleton";
import { type CollectorState, HostCollector } from "./host-collector";
import { remoteSource } from "./remote-source";
import { CollectWorker } from "./worker-client";

/** Bytes that new lines are behind before anybody judges by them. */
const farBehind = 256 * 1024;

type AccountsListener = (host: string, accounts: string[]) => void;
const at = singleton("collectors", () => ({
  worker: null as CollectWorker | null,
  hosts: new Map<string, HostCollector>(),
  heard: new Set<AccountsListener>(),
  /** By host: accounts that new lines spoke of while reading was behind; told when it has caught up. */
  held: new Map<string, Set<string>>(),
  again: new Map<string, NodeJS.Timeout>(),
  stop: null as (() => void) | null,
}));

/** The bundle of build-worker.mjs; it is made by the build, not by the bundler of the pages. */
const program = () => join(process.cwd(), "build", "collect-worker.mjs");
const folder = () => join(env().dataDir, "events");

/** Begins to read the log of every host, and of those that are added. */
export function startCollectors(): void {
  if (at.worker) return;
  mkdirSync(folder(), { recursive: true, mode: 0o700 });
  startWorker();
  const unhear = onHosts((host, what) => {
    if (what === "added") collect(host);
    else void forget(host.id);
  });
  const hourly = setInterval(() => {
    for (const collector of at.hosts.values()) void collector.dropOld().catch(() => {});
  }, 3_600_000);
  hourly.unref();
  at.stop = () => {
    unhear();
    clearInterval(hourly);
  };
}

function startWorker(): void {
  const worker = new CollectWorker(program(), folder(), (error) => {
    log.error({ err: error }, "the reading thread ended");
    if (at.worker !== worker) return;
    // What was committed is safe; a new thread goes on from it.
    setTimeout(() => {
      if (at.worker !== worker) return;
      for (const collector of at.hosts.values()) void collector.stop();
      at.hosts.clear();
      startWorker();
    }, 1000).unref();
  });
  at.worker = worker;
  worker.onCommitted(({ host, piece, accounts }) => {
    const state = at.hosts.get(host)?.state;
    if (piece !== "live" || !state) return;
    const newest = state.newest === null ? null : new Date(state.newest).toISOString();
    publish("log", { host, newest, behindBytes: state.behindBytes, accounts });
    const held = at.held.get(host) ?? new Set<string>();
    for (const account of accounts) held.add(account);
    at.held.set(host, held);
    tellHeld(host);
  });
  for (const host of hosts()) collect(host);
}

/**
 * Tells of the accounts that wait until reading is not far behind. How far it is, is known a moment after the commit that
 * may be the last one for long: so it is looked at again, not only with the next commit.
 */
function tellHeld(host: string): void {
  const held = at.held.get(host);
  const state = at.hosts.get(host)?.state;
  if (!held || held.size === 0 || !state) return;
  if (state.behindBytes > farBehind) {
    if (!at.again.has(host))
      at.again.set(
        host,
        setTimeout(() => {
          at.again.delete(host);
          tellHeld(host);
        }, 1000).unref(),
      );
    return;
  }
  at.held.delete(host);
  for (const listener of at.heard) listener(host, [...held]);
}

function collect(host: ManagedHost): void {
  if (!at.worker || at.hosts.has(host.id)) return;
  const collector = new HostCollector({
    host: host.id,
    folder: join(folder(), host.id),
    worker: at.worker,
    source: remoteSource(host.conn, host.config.log ?? null),
    zone: async () => {
      const seen = await probed(host);
      return { name: seen.zone ?? "", minutes: seen.offsetMinutes };
    },
    historyDays: () => settings().historyDays,
    changed: () => publish("host", { id: host.id }),
  });
  at.hosts.set(host.id, collector);
  collector.start();
}

async function forget(id: string): Promise<void> {
  const collector = at.hosts.get(id);
  at.hosts.delete(id);
  at.held.delete(id);
  await collector?.stop();
}

export async function stopCollectors(): Promise<void> {
  at.stop?.();
  const { worker } = at;
  at.worker = null;
  await Promise.all([...at.hosts.values()].map((collector) => collector.stop()));
  at.hosts.clear();
  await worker?.close();
}

/** How far the log of a host is read, as the API shows it. */
export function collectorState(id: string): Host["log"] {
  const state: CollectorState | undefined = at.hosts.get(id)?.state;
  const iso = (ms: number | null) => (ms === null ? null : new Date(ms).toISOString());
  return {
    source: state?.source ?? null,
    oldest: iso(state?.oldest ?? null),
    newest: iso(state?.newest ?? null),
    behindBytes: state?.behindBytes ?? 0,
    backfill: state?.backfill ?? null,
    notice: state?.notice ?? null,
  };
}

export function collectorOf(id: string): HostCollector {
  const collector = at.hosts.get(id);
  if (!collector) throw new ApiError("not_found", "The log of this host is not being read. See the hosts page.");
  return collector;
}

/** Asks the event store of a host. Before its log could be read once there is nothing to ask. */
export async function ask<N extends QueryName>(id: string, name: N, params: QueryParams<N>): Promise<QueryAnswer<N>> {
  collectorOf(id);
  if (!at.worker) throw new ApiError("store_failed", "The event store is being restarted. Try again in some seconds.");
  try {
    return await at.worker.query(id, name, params);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    if (/is not open/.test(message))
      throw new ApiError("log_unreadable", "The log of this host has not been read yet. See the host check.");
    log.error({ err: error, host: id, query: name }, "event query failed");
    throw new ApiError("store_failed", "The event store could not answer. Sluice's log says why.");
  }
}

/** Calls with the accounts that new lines speak of, each time lines were stored; the answer stops it. */
export function onAccounts(listener: AccountsListener): () => void {
  at.heard.add(listener);
  return () => at.heard.delete(listener);
}

/** True while history, or much that is new, is still to be read. */
export function isBehind(id: string): boolean {
  const state = at.hosts.get(id)?.state;
  return state !== undefined && (state.backfill !== null || state.behindBytes > farBehind);
}

/** Older history waits or goes on; what is new is read in any case. */
export function pauseBackfill(id: string, paused: boolean): void {
  collectorOf(id).pause(paused);
}
