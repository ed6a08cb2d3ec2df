import "server-only";
import type { Host } from "../../api/hosts";
import type { QueueCounts } from "../../core/queue";
import type { HostConnection } from "../../remote/connection";
import type { Probe } from "../../remote/host-verbs";

export type HostKeyFile = { made: string } | { path: string };
/** A host as it was set up, in the environment or in the browser. */
export type HostConfig = {
  id: string;
  name: string;
  address: string;
  port: number;
  user: string;
  key: HostKeyFile;
  hostKey: string;
  /** Path, "journal", or undefined: found. */
  log: string | undefined;
  lockedDown: boolean;
  origin: Host["origin"];
};

/** A host at work. The poller writes what is seen; everybody reads it. */
export type ManagedHost = {
  readonly id: string;
  readonly config: HostConfig;
  readonly name: string;
  readonly origin: Host["origin"];
  readonly conn: HostConnection;
  probe: Probe | null;
  /** Per instance, and their sum; null until counted once. */
  counts: Map<string, QueueCounts> | null;
  total: QueueCounts | null;
  /** When the counts were true, ms. */
  asOf: number | null;
  state: Host["state"];
  problem: Host["problem"];
};
