import "server-only";
import { readFileSync } from "node:fs";
import { ApiError } from "../../api/errors";
import { HostConnection } from "../../remote/connection";
import { deleteHost, hostRows, insertHost, updateHost } from "../../store/state/hosts";
import type { HostRow } from "../../store/state/tables";
import { audit } from "../audit";
import { publish } from "../bus";
import { env } from "../env";
import { madeKeyPath } from "../keys";
import { singleton } from "../singleton";
import { state } from "../state";
import type { HostConfig, ManagedHost } from "./managed-host";
import { startPolling } from "./poller";

type Entry = { host: ManagedHost; stop: () => void };
type Listener = (host: ManagedHost, what: "added" | "removed") => void;
const registry = singleton("host-registry", () => ({ entries: new Map<string, Entry>(), started: false }));
const listeners = singleton("host-listeners", () => new Set<Listener>());

/** Hears of hosts that are added and removed while Sluice runs (a changed host is both). */
export function onHosts(listener: Listener): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** All hosts: those of SLUICE_HOSTS first, in its order, then the added ones by name. */
export function hosts(): ManagedHost[] {
  return [...registry.entries.values()].map((entry) => entry.host);
}

/** Throws ApiError not_found. */
export function host(id: string): ManagedHost {
  const entry = registry.entries.get(id);
  if (!entry) throw new ApiError("not_found", "There is no host of that name in Sluice. See the hosts page.");
  return entry.host;
}

/** Takes up the hosts of the environment and of the store, and begins to watch them. */
export function startHosts(): void {
  if (registry.started) return;
  registry.started = true;
  const { hosts: given, demo } = env();
  for (const { privateKey, ...one } of given)
    take({ ...one, log: one.log, key: { path: privateKey }, origin: demo ? "demo" : "environment" });
  for (const row of hostRows(state())) if (!registry.entries.has(row.id)) take(fromRow(row));
}

export function stopHosts(): void {
  for (const id of [...registry.entries.keys()]) drop(id);
  registry.started = false;
}

export async function addHost(config: Omit<HostConfig, "origin">, by: string): Promise<ManagedHost> {
  if (registry.entries.has(config.id))
    throw new ApiError("conflict", `There is already a host with the id ${config.id}: choose another.`);
  const whole: HostConfig = { ...config, origin: "added" };
  checkKey(whole);
  await audit(by, config.id, "host added", whole);
  insertHost(state(), { ...toRow(whole), added_at: Date.now(), added_by: by });
  return take(whole);
}

export async function changeHost(
  id: string,
  change: Partial<Omit<HostConfig, "id" | "origin">>,
  by: string,
): Promise<ManagedHost> {
  const config = { ...added(id), ...change };
  checkKey(config);
  await audit(by, id, "host changed", change);
  const { id: _, ...row } = toRow(config);
  updateHost(state(), id, row);
  drop(id);
  return take(config);
}

export async function removeHost(id: string, by: string): Promise<void> {
  const config = added(id);
  await audit(by, id, "host removed", { name: config.name });
  deleteHost(state(), id);
  drop(id);
  publish("host", { id });
}

function added(id: string): HostConfig {
  const { config } = host(id);
  if (config.origin !== "added")
    throw new ApiError("conflict", "This host stands in the SLUICE_HOSTS file: change it there and start Sluice anew.");
  return config;
}

function take(config: HostConfig): ManagedHost {
  const conn = new HostConnection({
    address: config.address,
    port: config.port,
    user: config.user,
    hostKey: config.hostKey,
    lockedDown: config.lockedDown,
    // Read at each login, so that a key that was mended needs no restart.
    get privateKey() {
      return readFileSync(keyPath(config), "utf8");
    },
  });
  const managed: ManagedHost = {
    id: config.id,
    config,
    name: config.name,
    origin: config.origin,
    conn,
    probe: null,
    counts: null,
    total: null,
    asOf: null,
    state: "connecting",
    problem: null,
  };
  registry.entries.set(config.id, { host: managed, stop: startPolling(managed) });
  for (const listener of listeners) listener(managed, "added");
  publish("host", { id: config.id });
  return managed;
}

function drop(id: string): void {
  const entry = registry.entries.get(id);
  if (!entry) return;
  registry.entries.delete(id);
  entry.stop();
  entry.host.conn.end();
  for (const listener of listeners) listener(entry.host, "removed");
}

function keyPath(config: HostConfig): string {
  return "made" in config.key ? madeKeyPath(config.key.made) : config.key.path;
}

function checkKey(config: HostConfig): void {
  try {
    readFileSync(keyPath(config));
  } catch (error) {
    if (error instanceof ApiError) throw error;
    throw new ApiError("bad_request", "The private key cannot be read by Sluice: check its path and its rights.");
  }
}

function fromRow(row: HostRow): HostConfig {
  return {
    id: row.id,
    name: row.name,
    address: row.address,
    port: row.port,
    user: row.user,
    key: row.made_key ? { made: row.made_key } : { path: row.key_path ?? "" },
    hostKey: row.host_key,
    log: row.log ?? undefined,
    lockedDown: row.locked_down === 1,
    origin: "added",
  };
}

function toRow(config: HostConfig): Omit<HostRow, "added_at" | "added_by"> {
  return {
    id: config.id,
    name: config.name,
    address: config.address,
    port: config.port,
    user: config.user,
    made_key: "made" in config.key ? config.key.made : null,
    key_path: "path" in config.key ? config.key.path : null,
    host_key: config.hostKey,
    log: config.log ?? null,
    locked_down: config.lockedDown ? 1 : 0,
  };
}
