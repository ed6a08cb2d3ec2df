import "server-only";
import { RemoteError } from "../../remote/errors";
import { type ActionRecord, changeAction, findAction, openActions, outcomeCounts } from "../../store/state/actions";
import { audit } from "../audit";
import { publish } from "../bus";
import { log } from "../log";
import { settings } from "../settings";
import { singleton } from "../singleton";
import { state } from "../state";
import type { HostCalls } from "./host-calls";
import { arrivedLater } from "./later";
import { Cancelled, Run, Stopping } from "./run";
import { finishRun, giveUp, runSteps, undoSteps } from "./run-action";

/** Calls of a host; throws ApiError not_found for one that is no more. */
type CallsOfHost = (host: string) => HostCalls;
const runners = singleton("action runners", () => ({
  calls: null as CallsOfHost | null,
  busy: new Map<string, Promise<void>>(),
  stopping: false,
  /** Begun or resumed by this process. */
  begun: new Set<string>(),
  wake: new Map<string, () => void>(),
}));

/** Goes on with whatever a process before this one left, and from then on takes what is started. */
export function startRunners(calls: CallsOfHost): void {
  runners.calls = calls;
  runners.stopping = false;
  for (const { host } of openActions(state())) runHost(host);
}

/** Stops after the batch at hand; what is open stands in the store. */
export async function stopRunners(): Promise<void> {
  runners.stopping = true;
  for (const wake of runners.wake.values()) wake();
  await Promise.all(runners.busy.values());
}

/** Works through a host's open actions, one after another, oldest first. Asking again while it runs is harmless. */
export function runHost(host: string): void {
  runners.wake.get(host)?.();
  if (runners.busy.has(host) || runners.stopping || !runners.calls) return;
  const done = work(host, runners.calls).finally(() => {
    runners.busy.delete(host);
    // Started between the last look and here.
    if (!runners.stopping && openActions(state(), host).length > 0) runHost(host);
  });
  runners.busy.set(host, done);
}

/** Settles when nothing is being run on the host any more. */
export const hostIdle = async (host: string): Promise<void> => {
  while (runners.busy.has(host)) await runners.busy.get(host);
};

async function work(host: string, calls: CallsOfHost): Promise<void> {
  for (let failures = 0; !runners.stopping; ) {
    const [action] = openActions(state(), host);
    if (!action) return;
    try {
      await advance(action, calls(host));
      failures = 0;
    } catch (error) {
      if (error instanceof Stopping) return;
      failures++;
      const said = error instanceof Error ? error.message : "unknown error";
      log.warn({ err: error, action: action.id, failures }, "action interrupted");
      if (!passes(error) && failures >= 3) {
        await fail(action, calls, said);
        failures = 0;
        continue;
      }
      changeAction(state(), action.id, { problem: `${said} It goes on by itself.` });
      tell(action.id);
      await pause(host, Math.min(15_000, 500 * 2 ** Math.min(failures, 5)));
    }
  }
}

/** Errors that end by themselves: the run waits for the host, however long it is away. */
const passes = (error: unknown): boolean =>
  error instanceof RemoteError &&
  /^host_(unreachable|key_changed|key_unknown|auth_failed|answer_cut|busy|timeout)$/.test(error.code);

async function advance(action: ActionRecord, calls: HostCalls): Promise<void> {
  const run = new Run(state(), action, calls, undefined, () => runners.stopping);
  if (action.state === "undoing") return undo(run);
  const { id, host, made_by: by } = action;
  const facts = { action: id, kind: action.kind, planned: action.planned, filter: JSON.parse(action.filter) };
  if (action.state === "waiting") {
    await audit(by, host, `${action.kind} started`, { ...facts, plan: action.plan, reason: action.reason });
    changeAction(state(), id, { state: "running", started_at: Date.now() }, ["waiting"]);
  } else if (!runners.begun.has(id)) await audit("sluice", host, `${action.kind} resumed`, facts);
  runners.begun.add(id);
  let end: "done" | "cancelled" = "done";
  try {
    await runSteps(run);
  } catch (error) {
    if (!(error instanceof Cancelled)) throw error;
    end = "cancelled";
    await giveUp(uncancelled(run, calls), "cancelled", "cancelled before it was done");
  }
  finishRun(run, end, settings().archiveDays);
  tell(id);
  await audit(by, host, `${action.kind} ${end}`, { ...facts, ...report(id) });
  if (end !== "done") return;
  // Nobody waits for this count: it lists the queue once more.
  const later = await arrivedLater(action).catch(() => null);
  changeAction(state(), id, { arrived_later: later });
  tell(id);
}

/** The same run, not heeding the cancel that ended it: giving back is to be finished. */
function uncancelled(run: Run, calls: HostCalls): Run {
  const clean = new Run(state(), run.action, calls, undefined, () => runners.stopping);
  const heed = () => {
    if (runners.stopping) throw new Stopping();
  };
  return Object.assign(clean, { heed });
}

async function undo(run: Run): Promise<void> {
  const { id, host, kind, detail } = run.action;
  const by = String(JSON.parse(detail).undoBy ?? "sluice");
  await audit(by, host, `undo of ${kind} started`, { action: id });
  const report = await undoSteps(run, by);
  tell(id);
  await audit(by, host, `undo of ${kind} done`, { action: id, ...report });
}

async function fail(action: ActionRecord, calls: CallsOfHost, said: string): Promise<void> {
  if (action.state === "undoing") {
    changeAction(state(), action.id, { state: "done", stage: null, problem: `The undo stopped: ${said}` });
  } else {
    let run: Run | undefined;
    try {
      run = uncancelled(new Run(state(), action, calls(action.host)), calls(action.host));
      await giveUp(run, "error", said);
    } catch (error) {
      log.error({ err: error, action: action.id }, "what was begun could not be given back");
    }
    if (run) finishRun(run, "failed", settings().archiveDays);
    changeAction(state(), action.id, { state: "failed", stage: null, problem: said });
  }
  tell(action.id);
  await audit("sluice", action.host, `${action.kind} failed`, { action: action.id, said, ...report(action.id) }).catch(
    () => {},
  );
}

const report = (id: string) => ({
  outcomes: Object.fromEntries(
    outcomeCounts(state(), id).map(({ outcome, messages }) => [outcome ?? "open", messages]),
  ),
});

function tell(id: string): void {
  const now = findAction(state(), id);
  if (now)
    publish("action", { id, host: now.host, state: now.state, stage: now.stage, done: now.done, planned: now.planned });
}

/** Waits, or until someone asks for the host to be worked on. */
function pause(host: string, ms: number): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer);
      runners.wake.delete(host);
      resolve();
    };
    const timer = setTimeout(end, ms);
    runners.wake.set(host, end);
  });
}
