import { z } from "zod";
import { count, hostId, plainText, time } from "./common";

export const queueCounts = z.object({
  incoming: count,
  active: count,
  deferred: count,
  hold: count,
  maildrop: count,
  corrupt: count,
});
/** connecting: not reached yet; ok; degraded: reached, but something is wrong; down: not reached now. */
export const hostState = z.enum(["connecting", "ok", "degraded", "down"]);
export const brake = z.object({
  kind: z.enum(["hold-queue", "stop-in", "stop-out", "postfix-stopped", "dovecot-stopped"]),
  since: time,
  by: z.string(),
});
export const host = z.object({
  id: hostId,
  name: z.string(),
  state: hostState,
  /** An error code and a sentence, when state is not ok. */
  problem: z.object({ code: z.string(), message: z.string(), detail: z.string().optional() }).nullable(),
  /** null until counted once. */
  queue: queueCounts.nullable(),
  /** When the counts were true. */
  asOf: time.nullable(),
  log: z.object({
    source: z.string().nullable(),
    oldest: time.nullable(),
    newest: time.nullable(),
    behindBytes: count,
    /** Reading of older history: bytes done and to do, bytes a second; null when complete. */
    backfill: z.object({ done: count, total: count, rate: z.number(), paused: z.boolean() }).nullable(),
    notice: z.string().nullable(),
  }),
  instances: z.array(z.string()),
  /** demo, environment (SLUICE_HOSTS) or added. */
  origin: z.enum(["demo", "environment", "added"]),
  brakes: z.array(brake),
});
export type Host = z.infer<typeof host>;

export const hostSettings = z.object({
  name: plainText(200).min(1),
  address: plainText(255).regex(/^[A-Za-z0-9.:_-]+$/),
  port: z.number().int().min(1).max(65535),
  user: z.string().regex(/^[a-z_][a-z0-9_.-]{0,31}$/i),
  /** Id of a key that Sluice made, or a path on the dashboard's machine. */
  key: z.union([z.object({ made: z.string() }), z.object({ path: plainText(1000) })]),
  /** "ssh-ed25519 AAAA…" as confirmed by the admin. */
  hostKey: plainText(2000),
  /** Path of the log, "journal", or left out: found. */
  log: plainText(1000).optional(),
  /** True where host.sh is the key's forced command. */
  lockedDown: z.boolean(),
});
/** `log: null` lets the log be found again. */
export const hostChange = hostSettings.partial().extend({ log: plainText(1000).nullable().optional() });
/** Defaults stand here alone: in a change, what is left out stays as it is. */
export const newHost = hostSettings.extend({
  id: hostId.optional(),
  port: hostSettings.shape.port.default(22),
  user: hostSettings.shape.user.default("root"),
  lockedDown: hostSettings.shape.lockedDown.default(false),
});
export const checkLine = z.object({
  name: z.string(),
  ok: z.boolean(),
  /** What was seen, a sentence. */
  seen: z.string(),
  /** The exact command that mends it, to be run on the mail host; null where nothing is to mend. */
  mend: z.string().nullable(),
});
export const hostCheck = z.object({ at: time, lines: z.array(checkLine) });
export const scanned = z.object({ hostKey: z.string(), fingerprint: z.string() });
export const madeKey = z.object({ id: z.string(), publicKey: z.string() });
export const historyPoint = queueCounts.extend({ at: time });
/** A Postfix or Dovecot service, as looked at. */
export const serviceState = z.object({
  service: z.string(),
  running: z.boolean(),
  detail: z.string(),
});
export type HostCheck = z.infer<typeof hostCheck>;
export type ServiceState = z.infer<typeof serviceState>;
