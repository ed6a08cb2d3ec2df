import "server-only";
import { ask, h, n, names } from "./ask";
import type { HostStore } from "./host-store";

/** A session that lasts longer than this without a line is not looked for. */
const longest = 12 * 3_600_000;

/**
 * smtpd processes that serve an open session of the account: connected, not disconnected, and a message or a refusal
 * of the account in it. `now` is the newest time of the log, ms.
 */
export async function openSessions(store: HostStore, { account }: { account: string }) {
  const end = store.span?.to ?? 0;
  const span = { from: end - longest, to: end };
  const mine = `account = ${h(account)} AND session <> 0`;
  const used = (
    await Promise.all([
      ask(store, "submits", span, "DISTINCT session", mine),
      ask(store, "rejects", span, "DISTINCT session", mine),
    ])
  ).flat();
  if (used.length === 0) return [];
  const list = `session IN (${[...new Set(used.map((row) => String(row.session)))].join(",")})`;
  const [begun, ended] = await Promise.all([
    ask(store, "connects", span, "session, instance, service, pid, t", list, "ORDER BY t"),
    ask(store, "disconnects", span, "session", list),
  ]);
  const over = new Set(ended.map((row) => String(row.session)));
  const open = begun.filter((row) => !over.has(String(row.session)));
  const text = await names(
    store,
    open.flatMap((row) => [row.instance, row.service]),
  );
  return open.map((row) => ({
    instance: text(row.instance),
    service: text(row.service),
    pid: n(row.pid),
    since: n(row.t),
  }));
}
