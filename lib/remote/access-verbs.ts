import "server-only";
import type { CallOptions, HostConnection } from "./connection";

/** An smtpd service, and whether it asks Sluice's access table first. */
export type AccessService = {
  instance: string;
  /** `smtp/inet`, `submission/inet`, as in master.cf. */
  service: string;
  /** It offers logins (smtpd_sasl_auth_enable). */
  logins: boolean;
  asks: boolean;
  restrictions: string;
  /** smtpd_sender_restrictions is overridden in master.cf. */
  override: boolean;
  mapType: string;
  /** The table is there. */
  ready: boolean;
  /** The table is asked so that it tells upper from lower case in logins (by `sluice_exact`). */
  exact: boolean;
};
export async function lookAtAccess(conn: HostConnection, options?: CallOptions): Promise<AccessService[]> {
  const { rows } = await conn.call("access-look", {}, [], options);
  return rows.map((row) => ({
    ...row,
    logins: row.logins === "1",
    asks: row.asks === "1",
    override: row.override !== "0",
    ready: row.ready === "1",
    exact: row.restrictions.includes("/sluice_exact,"),
  }));
}

/** The commands that set the table up (or take it away), in order; apply and undo have run them. */
export async function setUpAccess(
  conn: HostConnection,
  op: "preview" | "apply" | "undo",
  options?: CallOptions,
): Promise<{ instance: string; command: string }[]> {
  return (await conn.call("access-setup", { op }, [], options)).rows;
}

export type AccessVerdict = "REJECT" | "HOLD" | "-";
export async function listAccess(
  conn: HostConnection,
  instance = "",
  options?: CallOptions,
): Promise<{ instance: string; account: string; verdict: "REJECT" | "HOLD" }[]> {
  const { rows } = await conn.call("access-list", { instance }, [], options);
  return rows.map((row) => ({ ...row, verdict: row.verdict === "HOLD" ? "HOLD" : "REJECT" }));
}

/**
 * Sets or lifts entries ("-"), in one instance or ("") all. With mapType lmdb sessions that are open obey at once; with others
 * the smtpd processes that serve the account must be ended (endSessions).
 */
export async function setAccess(
  conn: HostConnection,
  entries: readonly { account: string; verdict: AccessVerdict }[],
  instance = "",
  options?: CallOptions,
): Promise<{ instance: string; account: string; outcome: "set" | "same" | "not-set-up"; mapType: string }[]> {
  const { rows } = await conn.call("access-set", { instance }, entries, options);
  return rows.map((row) => ({ ...row, outcome: row.outcome as "set" | "same" | "not-set-up" }));
}

/** Ends smtpd processes of an instance: these pids, or with pid 0 all. Only a pid that is such a process is ended. */
export async function endSessions(
  conn: HostConnection,
  items: readonly { instance: string; pid: number }[],
  options?: CallOptions,
): Promise<{ instance: string; pid: number; outcome: "ended" | "gone" | "not-smtpd" | "left" }[]> {
  const lines = items.map(({ instance, pid }) => ({ instance, pid: String(pid) }));
  const { rows } = await conn.call("end-sessions", {}, lines, options);
  return rows.map((row) => ({
    instance: row.instance,
    pid: Number(row.pid),
    outcome: row.outcome as "ended" | "gone" | "not-smtpd" | "left",
  }));
}

/** Ends the account's IMAP and POP sessions and forgets its cached password. */
export async function kick(
  conn: HostConnection,
  account: string,
  options?: CallOptions,
): Promise<{ outcome: "done" | "none" | "no-dovecot" | "failed"; detail: string }> {
  const { rows } = await conn.call("kick", {}, [{ account }], options);
  return { outcome: (rows[0]?.outcome ?? "failed") as "done", detail: rows[0]?.detail ?? "" };
}

/** Runs the host's /etc/sluice/mailbox-command with the account on stdin. */
export async function runMailboxCommand(
  conn: HostConnection,
  account: string,
  options?: CallOptions,
): Promise<{ ok: boolean; detail: string }> {
  const { rows } = await conn.call("mailbox-command", { account }, [], options);
  return { ok: rows[0]?.outcome === "done", detail: rows[0]?.detail ?? "" };
}
