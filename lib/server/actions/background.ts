import "server-only";
import { syncBrakes } from "../contain/brakes";
import { host, hosts } from "../hosts/registry";
import { singleton } from "../singleton";
import { expireArchives } from "./archives";
import { callsOf } from "./host-calls";
import { startRunners, stopRunners } from "./runner";
import { startStanding } from "./standing";

const running = singleton("background actions", () => ({ stop: null as (() => void) | null }));

/** What runs beside the calls: open actions, standing holds, expiry of archives, a look at the hosts' brakes. Started after the hosts. */
export function startBackgroundActions(): void {
  if (running.stop) return;
  startRunners((id) => callsOf(host(id).conn));
  const endStanding = startStanding();
  const timer = setInterval(() => void expireArchives(), 3_600_000);
  const brakes = setInterval(() => {
    for (const one of hosts()) if (one.state === "ok") syncBrakes(one.id).catch(() => {});
  }, 60_000);
  const first = setTimeout(() => void expireArchives(), 60_000);
  running.stop = () => {
    endStanding();
    clearInterval(timer);
    clearInterval(brakes);
    clearTimeout(first);
  };
}

/** Ends after the batch at hand; the next start goes on. */
export async function stopBackgroundActions(): Promise<void> {
  running.stop?.();
  running.stop = null;
  await stopRunners();
}
