import "server-only";
import { singleton } from "../singleton";

type Pids = { instance: string; pid: number }[];
const source = singleton("open sessions", () => ({
  of: null as ((host: string, account: string) => Promise<Pids>) | null,
}));

/** The collectors know which smtpd process serves whom; they say so here. */
export function provideOpenSessions(of: (host: string, account: string) => Promise<Pids>): void {
  source.of = of;
}

/** smtpd processes with an open session of the login, as the log tells; null where nobody knows. */
export async function openPids(host: string, account: string): Promise<Pids | null> {
  try {
    return (await source.of?.(host, account)) ?? null;
  } catch {
    return null;
  }
}
