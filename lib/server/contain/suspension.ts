import "server-only";
import type { z } from "zod";
import type { suspension } from "../../api/accounts";
import { ApiError } from "../../api/errors";
import { endSessions, listAccess, lookAtAccess, setAccess } from "../../remote/access-verbs";
import { fields } from "../../remote/verbs";
import { noteQuarantine } from "../../store/state/held";
import { dropSuspension, findSuspension, storeSuspension, suspensionsOf } from "../../store/state/suspensions";
import { apiErrors } from "../actions/api-errors";
import { audit } from "../audit";
import { publish } from "../bus";
import { host } from "../hosts/registry";
import { state } from "../state";
import { openPids } from "./open-sessions";
import { otherSpellings, sameEntry, warnOf } from "./same-login";

export type Suspension = z.infer<typeof suspension>;
type Mode = Suspension["mode"];
const verdicts = { reject: "REJECT", hold: "HOLD", none: "-" } as const;

/**
 * What the host's own table says of the login; who and why is Sluice's memory. Where the host cannot be asked, what was
 * set last, and `ready` false.
 */
export async function suspensionOf(hostId: string, account: string): Promise<Suspension> {
  const { conn } = host(hostId);
  const stored = findSuspension(state(), hostId, account);
  const since = stored ? new Date(stored.since).toISOString() : null;
  const known = { since, by: stored?.made_by ?? null, reason: stored?.reason ?? null };
  try {
    const [entries, { ready, exact }] = await Promise.all([listAccess(conn), accessOf(hostId)]);
    const entry = entries.find((one) => sameEntry(one.account, account, exact));
    if (!entry) return { mode: "none", since: null, by: null, reason: null, ready };
    return { mode: entry.verdict === "HOLD" ? "hold" : "reject", ...known, ready };
  } catch {
    return { mode: (stored?.mode as Mode | undefined) ?? "none", ...known, ready: false };
  }
}

/**
 * ready: every service of the host that takes logins asks the table first, and the table is there. exact: all of them tell
 * upper from lower case.
 */
export async function accessOf(hostId: string): Promise<{ ready: boolean; exact: boolean }> {
  const services = (await lookAtAccess(host(hostId).conn)).filter((one) => one.logins);
  return {
    ready: services.length > 0 && services.every((one) => one.asks && one.ready),
    exact: services.every((one) => one.exact),
  };
}

/** Logins that Sluice suspended on a host, by login, without asking the host. */
export const storedSuspensions = (hostId: string): Map<string, Mode> =>
  new Map(suspensionsOf(state(), hostId).map((row) => [row.account, row.mode as Mode]));

export type Suspended = { suspension: Suspension; said: string };

/** Sets or lifts. Throws not_set_up where the host's Postfix does not ask the table. */
export const suspend = (hostId: string, account: string, mode: Mode, reason: string | null, by: string) =>
  apiErrors(async (): Promise<Suspended> => {
    const { conn } = host(hostId);
    if (!fields.account.test(account))
      throw new ApiError(
        "bad_request",
        "Postfix's tables cannot hold this login: it has white space, a quote or a backslash, or begins with # or -. Change its password instead; its mail can still be held and purged.",
      );
    const { ready, exact } = await accessOf(hostId);
    if (mode !== "none" && !ready)
      throw new ApiError(
        "not_set_up",
        "Postfix on this host does not ask Sluice's access table yet. Set suspension up first: the page of the host shows the commands.",
      );
    await audit(by, hostId, mode === "none" ? "suspension lift" : `suspension ${mode}`, { account, reason });
    const rows = await setAccess(conn, [{ account, verdict: verdicts[mode] }]);
    const there = rows.filter((row) => row.outcome !== "not-set-up");
    if (there.length === 0 && mode !== "none")
      throw new ApiError("not_set_up", "The access table is not on this host. Set suspension up first.");
    const before = findSuspension(state(), hostId, account);
    if (before?.mode === "hold") noteQuarantine(state(), hostId, account, before.since, Date.now());
    if (mode === "none") dropSuspension(state(), hostId, account);
    else
      storeSuspension(state(), { host: hostId, account, mode, since: Date.now(), made_by: by, reason, detail: "{}" });
    let said = { reject: "Its mail is refused.", hold: "Its mail is taken and held.", none: "It may send again." }[
      mode
    ];
    const late = there.filter((row) => row.mapType !== "lmdb");
    if (mode !== "none" && late.length > 0)
      said += ` ${await endOld(
        hostId,
        account,
        late.map((row) => row.instance),
      )}`;
    said += warnOf(account, await otherSpellings(hostId, account), exact);
    publish("account", { host: hostId, account });
    await audit(by, hostId, "suspension done", { account, mode, outcomes: rows, said });
    return { suspension: await suspensionOf(hostId, account), said };
  });

/** With hash and btree tables an open session does not see the change: its process is ended. */
async function endOld(hostId: string, account: string, instances: string[]): Promise<string> {
  const pids = await openPids(hostId, account);
  const items = pids ?? instances.map((instance) => ({ instance, pid: 0 }));
  const rows = await endSessions(host(hostId).conn, items);
  const ended = rows.filter((row) => row.outcome === "ended").length;
  return `Open sessions do not see a table of this type, so ${ended} smtpd ${ended === 1 ? "process was" : "processes were"} ended${pids ? "" : " (all: clients of others connect again)"}.`;
}
