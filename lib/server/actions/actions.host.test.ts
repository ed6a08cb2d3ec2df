import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import type { MailHost } from "../../../e2e/mailhost/host";
import { oracle } from "../../../e2e/mailhost/oracle";
import { attack, honest } from "../../../e2e/mailhost/traffic";
import { getAction, runPlan, undoAction } from "./actions";
import { mailHost, runToEnd, said, wakePickup } from "./host-test";
import { makePlan } from "./make-plan";
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
const idle = () => hostIdle("mx");

test("a purge removes exactly the account's 500 messages; the 100 honest ones stay, byte for byte; undo brings all back", async () => {
  const [bad, good] = await Promise.all([
    attack(host, { messages: 500, parallel: 4 }),
    honest(host, { messages: 100 }),
  ]);
  await eyes.settled(600);
  const ids = good.map(({ id }) => id);
  const before = eyes.hashes(ids);
  const badBefore = eyes.hashes(bad.map(({ id }) => id));
  const plan = await makePlan("mx", "purge", stolen, by);
  expect(plan).toMatchObject({ messages: 500, confirm: "stolen@example.com", accountCount: 1, senderCount: 300 });
  expect(plan.sample.every(({ subject }) => subject)).toBe(true);
  await expect(runPlan({ plan: plan.id, confirm: true }, by)).rejects.toMatchObject({ code: "confirm_needed" });
  const action = await runToEnd(plan);
  expect([action.state, action.done, action.skipped, action.arrivedLater], JSON.stringify(said(action.id))).toEqual([
    "done",
    500,
    [],
    0,
  ]);
  expect([...eyes.files().keys()].sort()).toEqual([...ids].sort());
  expect(eyes.hashes(ids)).toEqual(before);
  await expect(runPlan({ plan: plan.id, confirm: 500 }, by)).rejects.toMatchObject({ code: "plan_used" });

  await undoAction(action.id, by);
  await idle();
  expect(getAction(action.id)).toMatchObject({ state: "undone", problem: null, undoable: false });
  await eyes.settled(600);
  expect(eyes.hashes(bad.map(({ id }) => id)).size).toBe(500);
  expect(eyes.hashes(bad.map(({ id }) => id))).toEqual(badBefore);
  expect([...eyes.files().values()].filter(({ queue }) => queue === "hold")).toEqual([]);
});

test("hold and release are exact, and each is undone exactly", async () => {
  const [bad, good] = await Promise.all([attack(host, { messages: 30 }), honest(host, { messages: 20 })]);
  await eyes.settled(50);
  const bads = bad.map(({ id }) => id).sort();
  const held = () =>
    [...eyes.files()]
      .filter(([, { queue }]) => queue === "hold")
      .map(([id]) => id)
      .sort();
  // One was on hold before, by hand: undoing leaves it there.
  const [byHand = ""] = good.map(({ id }) => id);
  await host.exec(`postsuper -h ${byHand} 2>/dev/null`);
  const hold = await runToEnd(await makePlan("mx", "hold", stolen, by));
  expect(hold).toMatchObject({ state: "done", done: 30, skipped: [] });
  expect(held()).toEqual([...bads, byHand].sort());
  await undoAction(hold.id, by);
  await idle();
  expect(held()).toEqual([byHand]);
  await runToEnd(await makePlan("mx", "hold", stolen, by));
  const release = await runToEnd(await makePlan("mx", "release", stolen, by));
  expect(release).toMatchObject({ state: "done", done: 30, skipped: [] });
  expect(held()).toEqual([byHand]);
  await undoAction(release.id, by);
  await idle();
  await expect.poll(held, { timeout: 10_000 }).toEqual([...bads, byHand].sort());
  expect(eyes.files().size).toBe(50);
});

test("a requeue gives each message a new id and keeps its account", async () => {
  await attack(host, { messages: 5 });
  await eyes.settled(5);
  const recipients = async () => new Map([...(await eyes.queue())].map(([id, row]) => [id, row.recipients.join()]));
  const was = await recipients();
  const before = [...eyes.files().keys()];
  const action = await runToEnd(await makePlan("mx", "requeue", stolen, by));
  expect(action, JSON.stringify(said(action.id))).toMatchObject({ state: "done", done: 5 });
  await eyes.settled(5);
  // Each message is reported under the id that it has now.
  const now = await recipients();
  expect(action.newIds.map(({ id }) => id).sort()).toEqual(before.sort());
  for (const { id, newId } of action.newIds) expect([newId, now.get(newId)]).toEqual([newId, was.get(id)]);
  const again = await runToEnd(await makePlan("mx", "requeue", stolen, by));
  expect(again.newIds.map(({ id }) => id).sort()).toEqual(action.newIds.map(({ newId }) => newId).sort());
  await eyes.settled(5);
  const after = [...eyes.files().keys()];
  expect(after.filter((id) => before.includes(id))).toEqual([]);
  for (const id of after) expect(await eyes.account(id)).toBe("stolen@example.com");
});

test("what another admin deletes, releases or requeues meanwhile is reported and left alone", async () => {
  const bad = await attack(host, { messages: 12 });
  await eyes.settled(12);
  const plan = await makePlan("mx", "purge", stolen, by);
  const [deleted = "", requeued = ""] = bad.map(({ id }) => id);
  await host.exec(`postsuper -d ${deleted} 2>/dev/null; postsuper -r ${requeued} 2>/dev/null`);
  await wakePickup(host);
  await eyes.settled(11);
  const action = await runToEnd(plan);
  expect(action).toMatchObject({ state: "done", done: 10, arrivedLater: 1 });
  expect(action.skipped).toEqual([{ reason: "gone", messages: 2, ids: expect.arrayContaining([deleted, requeued]) }]);
  expect(eyes.files().size).toBe(1);
});

test("two purges of the same mail and a double click do nothing twice", async () => {
  await attack(host, { messages: 40 });
  await eyes.settled(40);
  const [one, two] = await Promise.all([makePlan("mx", "purge", stolen, by), makePlan("mx", "purge", stolen, by)]);
  const runs = await Promise.allSettled([
    runPlan({ plan: one.id }, by),
    runPlan({ plan: one.id }, by),
    runPlan({ plan: two.id }, by),
  ]);
  await idle();
  expect(runs.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
  const counts = runs.flatMap((run) => (run.status === "fulfilled" ? [getAction(run.value.id).done] : []));
  expect(counts).toEqual([40, 0]);
  expect(eyes.files().size).toBe(0);
});
