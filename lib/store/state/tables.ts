import "server-only";
import type { Generated } from "kysely";
import type { AuthTables } from "./auth-tables";

/** Rows as they stand in the file: times in ms since the epoch, flags 0 or 1, `filter`, `summary`, `detail` … JSON text. */
export type Tables = AuthTables & {
  hosts: HostRow;
  made_keys: { id: string; public_key: string; made_at: number; made_by: string };
  settings: { key: string; value: string };
  setup_tokens: { hash: string; made_at: number };
  queue_history: QueueHistoryRow;
  plans: PlanRow;
  plan_items: PlanItemRow;
  actions: ActionRow;
  action_items: ActionItemRow;
  standing: {
    id: string;
    host: string;
    filter: string;
    since: number;
    until: number | null;
    made_by: string;
    held: Generated<number>;
    problem: string | null;
    ended_at: number | null;
    ended_by: string | null;
  };
  suspensions: {
    host: string;
    account: string;
    mode: string;
    since: number;
    made_by: string;
    reason: string | null;
    detail: Generated<string>;
  };
  brakes: { host: string; kind: string; since: number; made_by: string; undo: Generated<string> };
  alerts: {
    id: string;
    host: string;
    account: string;
    at: number;
    last_at: number;
    score: number;
    verdict: string;
    sentences: string;
    findings: Generated<string>;
    acknowledged_at: number | null;
    acknowledged_by: string | null;
    note: string | null;
  };
  incidents: {
    id: string;
    account: string;
    opened_at: number;
    opened_by: string;
    closed_at: number | null;
    closed_by: string | null;
    findings: Generated<string>;
  };
  incident_notes: { id: Generated<number>; incident: string; at: number; made_by: string; text: string };
  incident_links: { incident: string; kind: "host" | "action" | "alert"; ref: string; at: number };
  audit: AuditRow;
};

export type HostRow = {
  id: string;
  name: string;
  address: string;
  port: number;
  user: string;
  /** Of these two exactly one. */
  made_key: string | null;
  key_path: string | null;
  host_key: string;
  log: string | null;
  locked_down: number;
  added_at: number;
  added_by: string;
};
export type QueueHistoryRow = {
  host: string;
  at: number;
  maildrop: number;
  incoming: number;
  active: number;
  deferred: number;
  hold: number;
  corrupt: number;
};
export type PlanRow = {
  id: string;
  host: string;
  action: string;
  filter: string;
  messages: number;
  recipients: number;
  bytes: number;
  summary: string;
  as_of: number;
  made_at: number;
  made_by: string;
  expires: number;
  /** 1 once every item is in. */
  complete: Generated<number>;
  /** The action that it became. */
  used_by: string | null;
};
export type PlanItemRow = {
  plan: string;
  n: number;
  instance: string;
  id: string;
  queue: string;
  arrival: number;
  size: number;
  sender: string;
  account: string | null;
  client: string | null;
  recipients: number;
};
export type ActionRow = {
  id: string;
  host: string;
  kind: string;
  plan: string | null;
  state: string;
  stage: string | null;
  planned: number;
  done: Generated<number>;
  bytes: Generated<number>;
  arrived_later: number | null;
  filter: string;
  reason: string | null;
  problem: string | null;
  made_at: number;
  made_by: string;
  started_at: number | null;
  ended_at: number | null;
  undone_at: number | null;
  undone_by: string | null;
  undoable: Generated<number>;
  archive_messages: Generated<number>;
  archive_bytes: Generated<number>;
  archive_expires: number | null;
  archive_deleted_at: number | null;
  detail: Generated<string>;
};
export type ActionItemRow = {
  action: string;
  n: number;
  instance: string;
  id: string;
  queue: string;
  arrival: number;
  size: number;
  sender: string;
  account: string | null;
  /** The last step that is known to have been done on the host. */
  stage: string | null;
  /** Of the kept queue file: decimal text (64 bits), and its SHA-256 in hex. */
  inode: string | null;
  sha256: string | null;
  /** null until it is final. */
  outcome: string | null;
  /** Queue id after a requeue or a restore, where another was given. */
  new_id: string | null;
  said: string | null;
};
export type AuditRow = {
  seq: Generated<number>;
  at: number;
  made_by: string;
  host: string | null;
  what: string;
  detail: string;
  hash: string;
};
