import "server-only";
import { type QueueCounts, queueNames } from "../../core/queue";
import { RemoteError } from "../../remote/errors";
import { type Probe, probe } from "../../remote/host-verbs";
import { counts } from "../../remote/queue-verbs";
import { recordCounts } from "../../store/state/queue-history";
import { publish } from "../bus";
import { log } from "../log";
import { state } from "../state";
import type { ManagedHost } from "./managed-host";

const every = 3000;
const probeEvery = 600_000;

const looking = new WeakMap<ManagedHost, Promise<Probe>>();

/** Looks at the host; whoever asks meanwhile gets the same look. */
function look(host: ManagedHost): Promise<Probe> {
  const under = looking.get(host);
  if (under) return under;
  const look = probe(host.conn)
    .then((seen) => {
      host.probe = seen;
      return seen;
    })
    .finally(() => looking.delete(host));
  looking.set(host, look);
  return look;
}

/** What the host looked like last, or looks like now where nobody has looked yet. */
export async function probed(host: ManagedHost): Promise<Probe> {
  return host.probe ?? look(host);
}

/** Counts the queues every 3 s and looks at the host anew every 10 minutes and after each break. Ends by the answer. */
export function startPolling(host: ManagedHost): () => void {
  let stopped = false;
  let timer: NodeJS.Timeout | undefined;
  let probedAt = 0;
  const turn = async () => {
    try {
      if (!host.probe || Date.now() - probedAt > probeEvery) {
        await look(host);
        probedAt = Date.now();
      }
      const counted = await counts(host.conn);
      if (!stopped) saw(host, counted);
    } catch (error) {
      probedAt = 0;
      if (!stopped) failed(host, error);
    }
    if (!stopped) timer = setTimeout(turn, every);
  };
  void turn();
  return () => {
    stopped = true;
    clearTimeout(timer);
  };
}

function saw(host: ManagedHost, counted: Map<string, QueueCounts>): void {
  const total = sum(counted);
  const moved = !host.total || queueNames.some((name) => host.total?.[name] !== total[name]);
  host.counts = counted;
  host.total = total;
  host.asOf = Date.now();
  const stopped = host.probe?.instances.filter((one) => one.enabled && !one.running).map((one) => one.name) ?? [];
  if (stopped.length > 0)
    change(host, "degraded", {
      code: "host_refused",
      message: `Postfix does not run (${stopped.join(", ")}). Start it on the services page.`,
    });
  else change(host, "ok", null);
  if (moved) publish("queue", { host: host.id, counts: total, asOf: new Date(host.asOf).toISOString(), listing: null });
  try {
    recordCounts(state(), host.id, host.asOf, total);
  } catch (error) {
    log.error({ err: error, host: host.id }, "queue history not written");
  }
}

function failed(host: ManagedHost, error: unknown): void {
  if (!(error instanceof RemoteError)) log.error({ err: error, host: host.id }, "polling failed");
  const known =
    error instanceof RemoteError
      ? { code: error.code, message: error.message, ...(error.detail ? { detail: error.detail } : {}) }
      : { code: "internal", message: "Sluice could not poll the host; its log says why." };
  // An answer of the script that says no means that the host is reached.
  const reached = ["host_refused", "host_no_rights", "host_no_postfix", "not_set_up", "host_busy", "bad_request"];
  change(host, reached.includes(known.code) ? "degraded" : "down", known);
}

function change(host: ManagedHost, to: ManagedHost["state"], problem: ManagedHost["problem"]): void {
  const same = host.state === to && host.problem?.message === problem?.message;
  host.state = to;
  host.problem = problem;
  if (!same) publish("host", { id: host.id });
}

export function sum(counted: ReadonlyMap<string, QueueCounts>): QueueCounts {
  const total: QueueCounts = { maildrop: 0, incoming: 0, active: 0, deferred: 0, hold: 0, corrupt: 0 };
  for (const one of counted.values()) for (const name of queueNames) total[name] += one[name];
  return total;
}
