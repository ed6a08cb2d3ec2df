import "server-only";
import type { z } from "zod";
import type { contract } from "../../api/contract";
import type { Host } from "../../api/hosts";
import { fingerprint, publicKeyOf } from "../../remote/ssh";
import { brakesOf } from "../../store/state/brakes";
import { countsSince } from "../../store/state/queue-history";
import { singleton } from "../singleton";
import { state } from "../state";
import type { ManagedHost } from "./managed-host";

type LogView = (hostId: string) => Host["log"];
const noLog: Host["log"] = { source: null, oldest: null, newest: null, behindBytes: 0, backfill: null, notice: null };
const logView = singleton("host-log-view", () => ({ of: (() => noLog) as LogView }));

/** The collectors know how far the log is read; they say so here (they import the registry, not it them). */
export function provideLogView(of: LogView): void {
  logView.of = of;
}

const iso = (ms: number) => new Date(ms).toISOString();

export function hostView(host: ManagedHost): Host {
  return {
    id: host.id,
    name: host.name,
    state: host.state,
    problem: host.problem,
    queue: host.total,
    asOf: host.asOf === null ? null : iso(host.asOf),
    log: logView.of(host.id),
    instances: host.probe?.instances.map((instance) => instance.name) ?? [],
    origin: host.origin,
    brakes: brakesOf(state(), host.id).map((row) => ({
      kind: row.kind as Host["brakes"][number]["kind"],
      since: iso(row.since),
      by: row.made_by,
    })),
  };
}

export function settingsView(host: ManagedHost): z.input<typeof contract.getHostSettings.answer> {
  return { ...host.config, fingerprint: fingerprint(host.config.hostKey), publicKey: publicKey(host) };
}

/** The public half of the login's key; null where its file cannot be read (the host check says so). */
export function publicKey({ conn }: Pick<ManagedHost, "conn">): string | null {
  try {
    return publicKeyOf(conn.target.privateKey);
  } catch {
    return null;
  }
}

/** Counts of the last hours, at most one point a minute. */
export function historyView(host: ManagedHost, hours: number) {
  return countsSince(state(), host.id, Date.now() - hours * 3_600_000).map(({ host: _, at, ...counts }) => ({
    ...counts,
    at: iso(at),
  }));
}
