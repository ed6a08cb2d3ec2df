import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import type { MailHost } from "../../../e2e/mailhost/host";
import { oracle } from "../../../e2e/mailhost/oracle";
import { attack, honest } from "../../../e2e/mailhost/traffic";
import { trouble } from "../../../e2e/mailhost/trouble";
import { changeAction, findAction, outcomeCounts, startAction } from "../../store/state/actions";
import { host as managed } from "../hosts/registry";
import { state } from "../state";
import { runPlan, undoAction } from "./actions";
import { callsOf, type HostCalls } from "./host-calls";
import { mailHost, runToEnd, said } from "./host-test";
import { makePlan, planById } from "./make-plan";
import { Run } from "./run";
import { finishRun, runSteps, undoSteps } from "./run-action";
import { hostIdle } from "./runner";

const by = "admin@example.com";
let mail: Awaited<ReturnType<typeof mailHost>>;
let host: MailHost;
let eyes: ReturnType<typeof oracle>;
beforeAll(async () => {
  mail = await mailHost(["--relay", "closed"]);
  host = mail.host;
  eyes = oracle(host);
});
afterAll(() => mail?.end());
beforeEach(async () => {
  await host.exec("postsuper -d ALL >/dev/null 2>&1; true");
});
const stolen = { account: ["stolen@example.com"] };
const calls = () => callsOf(managed("mx").conn);

test("an id that went to another message is never deleted, and is back where it was", async () => {
  const bad = await attack(host, { messages: 6 });
  const good = await honest(host, { messages: 6 });
  await eyes.settled(12);
  const plan = await makePlan("mx", "purge", stolen, by);
  const swapped = bad.slice(0, 4).map(({ id }) => id);
  for (const [at, id] of swapped.entries()) {
    const files = eyes.files();
    const other = good[at]?.id ?? "";
    // The honest message takes the planned one's name, as a reused inode does.
    const path = files
      .get(other)
      ?.path.slice(host.dir.length)
      .replace(/^\/var\/spool/, "/var/spool");
    await host.exec(`postsuper -d ${id} 2>/dev/null; mv ${path} /var/spool/postfix/deferred/${id[0]}/${id}`);
  }
  const before = eyes.hashes(swapped);
  expect(before.size).toBe(4);
  const action = await runToEnd(plan);
  expect(action.done, JSON.stringify(said(action.id))).toBe(2);
  expect(action.skipped.map(({ messages }) => messages).reduce((a, b) => a + b)).toBe(4);
  expect(eyes.hashes(swapped)).toEqual(before);
  expect(swapped.map((id) => eyes.files().get(id)?.queue)).not.toContain("hold");
});

/** Calls that end at the n-th: before it reaches the host, or after the host has done it and before Sluice knows. */
function cutAt(n: number, after: boolean): { calls: HostCalls; count: () => number } {
  const real = calls();
  let count = 0;
  const ask: HostCalls["ask"] = async (verb, params, items) => {
    count++;
    if (count > n || (count === n && !after)) throw new Error("killed");
    const rows = await real.ask(verb, params, items);
    if (count === n) throw new Error("killed");
    return rows;
  };
  return { calls: { ...real, ask }, count: () => count };
}

async function started(): Promise<string> {
  const plan = planById((await makePlan("mx", "purge", stolen, by)).id);
  const id = `k${plan.id.slice(1)}`;
  startAction(state(), plan, { id, reason: null, made_at: Date.now(), made_by: by });
  changeAction(state(), id, { state: "running", started_at: Date.now() });
  return id;
}
const actionOf = (id: string) => findAction(state(), id) as NonNullable<ReturnType<typeof findAction>>;

test("a purge killed at any call, and resumed, ends as if it had not been; so does its undo", async () => {
  let cut = true;
  for (let n = 1; cut; n++)
    for (const after of [false, true]) {
      await host.exec("postsuper -d ALL >/dev/null 2>&1; true");
      const bad = (await attack(host, { messages: 4 })).map(({ id }) => id);
      const good = (await honest(host, { messages: 3 })).map(({ id }) => id);
      await eyes.settled(7);
      const before = eyes.hashes([...bad, ...good]);
      const id = await started();
      const killed = cutAt(n, after);
      const first = await runSteps(new Run(state(), actionOf(id), killed.calls)).catch(() => "killed");
      cut = first === "killed";
      await runSteps(new Run(state(), actionOf(id), calls()));
      const run = new Run(state(), actionOf(id), calls());
      finishRun(run, "done", 14);
      const where = `killed ${after ? "after" : "before"} call ${n}`;
      expect(
        outcomeCounts(state(), id).map(({ outcome, messages }) => [outcome, messages]),
        where,
      ).toEqual([["done", 4]]);
      expect([...eyes.files().keys()].sort(), where).toEqual([...good].sort());

      changeAction(state(), id, { state: "undoing" });
      await undoSteps(new Run(state(), actionOf(id), cutAt(n, after).calls), by).catch(() => "killed");
      const report = await undoSteps(new Run(state(), actionOf(id), calls()), by);
      expect(report, where).toEqual({ back: 4, left: 0 });
      await eyes.settled(7);
      expect(eyes.hashes([...bad, ...good]), where).toEqual(before);
      expect(
        [...eyes.files().values()].map(({ queue }) => queue),
        where,
      ).not.toContain("hold");
    }
}, 300_000);

test("SSH sessions killed again and again: the purge of 400 goes on by itself to its end", async () => {
  await attack(host, { messages: 400, parallel: 4 });
  const good = (await honest(host, { messages: 20 })).map(({ id }) => id);
  await eyes.settled(420);
  const before = eyes.hashes(good);
  const plan = await makePlan("mx", "purge", stolen, by);
  const { id } = await runPlan({ plan: plan.id, confirm: 400 }, by);
  let ended = false;
  const idle = hostIdle("mx").then(() => {
    ended = true;
  });
  for (let kills = 0; kills < 8 && !ended; kills++) {
    await new Promise((resolve) => setTimeout(resolve, 150 + 90 * kills));
    await trouble.killSessions(host);
  }
  await idle;
  expect(actionOf(id), JSON.stringify(said(id))).toMatchObject({ state: "done", done: 400 });
  expect(eyes.hashes(good)).toEqual(before);
  expect(eyes.files().size).toBe(20);
  await undoAction(id, by);
  await hostIdle("mx");
  await eyes.settled(420);
});

test("a message whose archived file was changed is not deleted", async () => {
  await attack(host, { messages: 3 });
  await eyes.settled(3);
  const id = await started();
  const flip: HostCalls["ask"] = async (verb, params, items) => {
    if (verb === "drop")
      await host.exec(`for f in /var/spool/postfix/sluice/${id}/[0-9A-F]*; do printf X >>$f; break; done`);
    return calls().ask(verb, params, items);
  };
  await runSteps(new Run(state(), actionOf(id), { ...calls(), ask: flip }));
  const counts = Object.fromEntries(outcomeCounts(state(), id).map(({ outcome, messages }) => [outcome, messages]));
  expect(counts).toEqual({ done: 2, changed: 1 });
  expect(eyes.files().size).toBe(1);
});
