import "server-only";
import { findSuspension } from "../../store/state/suspensions";
import { type Suspension, suspensionOf } from "../contain/suspension";
import { singleton } from "../singleton";
import { state } from "../state";

const seen = singleton("suspensions-seen", () => new Map<string, { at: number; suspension: Suspension }>());
const young = 5000;
const old = 10 * 60_000;
const kept = 5000;

/**
 * How the account is suspended, without waiting for the host where it was asked in the last minutes: what Sluice itself
 * set since is taken from its own memory, and the host is asked again behind the answer.
 */
export async function suspensionSeen(host: string, account: string): Promise<Suspension> {
  const key = `${host}\n${account}`;
  const before = seen.get(key);
  const age = before ? Date.now() - before.at : Number.POSITIVE_INFINITY;
  const anew = async () => {
    const suspension = await suspensionOf(host, account);
    if (seen.size >= kept) seen.clear();
    seen.set(key, { at: Date.now(), suspension });
    return suspension;
  };
  if (!before || age > old) return anew();
  if (age > young) anew().catch(() => {});
  const stored = findSuspension(state(), host, account);
  const { ready } = before.suspension;
  if (!stored) return { mode: "none", since: null, by: null, reason: null, ready };
  return {
    mode: stored.mode as Suspension["mode"],
    since: new Date(stored.since).toISOString(),
    by: stored.made_by,
    reason: stored.reason,
    ready,
  };
}
