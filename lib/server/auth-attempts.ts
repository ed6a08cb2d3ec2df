import "server-only";
import { singleton } from "./singleton";

const span = 10 * 60_000;
const most = 20;
const attempts = () => singleton("failed-sign-ins", () => new Map<string, number[]>());

/**
 * Failed sign-ins of one login (or whatever else is the key) in the last ten minutes. It stands beside the limit by address, which a forged
 * X-Forwarded-For gets round where no proxy overwrites it. Sessions that are open are not touched.
 */
export function tooManyFailures(email: string, now: number): boolean {
  const failed = attempts();
  const recent = (failed.get(email) ?? []).filter((at) => at > now - span);
  if (recent.length > 0) failed.set(email, recent);
  else failed.delete(email);
  return recent.length >= most;
}

export function noteFailure(email: string, now: number): void {
  const failed = attempts();
  failed.set(email, [...(failed.get(email) ?? []).slice(-most), now]);
  // Invented addresses must not fill the memory: the oldest entries go first.
  for (const key of failed.keys()) {
    if (failed.size <= 10_000) break;
    failed.delete(key);
  }
}

/** False from the hundredth failure in ten minutes on, over all logins. */
export function worthNoting(now: number): boolean {
  const all = singleton("all-failed-sign-ins", () => ({ since: 0, count: 0 }));
  if (now - all.since > span) Object.assign(all, { since: now, count: 0 });
  return ++all.count <= 100;
}

export function forgetFailures(email: string): void {
  attempts().delete(email);
}
