import "server-only";
import { StoreError } from "../store/sqlite";
import { loadProviders } from "./accounts/provider";
import { startBackgroundActions, stopBackgroundActions } from "./actions/background";
import { auth } from "./auth";
import { stopCollectors } from "./collect/collectors";
import { startEvents } from "./collect/provide";
import { EnvError, env } from "./env";
import { startHosts, stopHosts } from "./hosts/registry";
import { judgeFeed } from "./judge/collectors-feed";
import { startJudge } from "./judge/judge-accounts";
import { log } from "./log";
import { nowReady } from "./ready";
import { singleton } from "./singleton";
import { closeState, state } from "./state";
import { firstAdmin } from "./users";

/** A part that runs beside the calls: started in the order of the list, stopped in the reverse. */
export type Part = { name: string; start: () => Promise<void> | void; stop?: () => Promise<void> | void };

const judge = {
  stop: async () => {},
  start() {
    this.stop = startJudge(judgeFeed());
  },
};

const parts: Part[] = [
  { name: "environment", start: () => void env() },
  { name: "providers", start: () => loadProviders(env().asnDb) },
  { name: "state store", start: () => void state(), stop: closeState },
  { name: "accounts", start: async () => void (await auth()) },
  { name: "first admin", start: async () => void (await firstAdmin()) },
  { name: "hosts", start: startHosts, stop: stopHosts },
  { name: "collectors", start: startEvents, stop: stopCollectors },
  { name: "judge", start: () => judge.start(), stop: () => judge.stop() },
  { name: "actions", start: startBackgroundActions, stop: stopBackgroundActions },
];

/** Starts everything, once for the process. What is wrong with the environment or the store ends the process. */
export function startBackground(): Promise<void> {
  return singleton("background", async () => {
    try {
      for (const part of parts) await part.start();
    } catch (error) {
      const said = error instanceof EnvError || error instanceof StoreError;
      process.stderr.write(`sluice: ${said ? (error as Error).message : String((error as Error).stack)}\n`);
      process.exit(1);
    }
    const end = (signal: NodeJS.Signals) =>
      void stopBackground().finally(() => process.exit(signal === "SIGINT" ? 130 : 0));
    process.once("SIGTERM", end);
    process.once("SIGINT", end);
    nowReady();
    log.info({ data: env().dataDir }, "sluice is up");
  });
}

async function stopBackground(): Promise<void> {
  // What hangs must not keep the process from ending: what was committed is safe in any case.
  setTimeout(() => process.exit(1), 10_000).unref();
  for (const part of [...parts].reverse()) {
    try {
      await part.stop?.();
    } catch (error) {
      log.error({ err: error, part: part.name }, "part did not stop cleanly");
    }
  }
}
