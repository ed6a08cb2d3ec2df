import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import type { MailHost } from "../../../e2e/mailhost/host";
import { oracle } from "../../../e2e/mailhost/oracle";
import { queuedAs } from "../../../e2e/mailhost/smtp";
import { attack, honest, login } from "../../../e2e/mailhost/traffic";
import { trouble } from "../../../e2e/mailhost/trouble";
import { changeAction, findAction, outcomeCounts, startAction } from "../../store/state/actions";
import { host as managed } from "../hosts/registry";
import { state } from "../state";
import { cancelAction, getAction, runPlan, undoAction } from "./actions";
import { callsOf, type HostCalls } from "./host-calls";
import { mailHost, runToEnd, said } from "./host-test";
import { makePlan, planById } from "./make-plan";
import { Cancelled, Run } from "./run";
import { finishRun, giveUp, runSteps } from "./run-action";
import { hostIdle } from "./runner";

const by = "admin@example.com";
// Dovecot folds a login to lower case, so case is tried in the senders.
const near = ["xstolen@example.com", "stolen+x@example.com", "stolen@example.com.example.org", "tolen@example.com"];
let mail: Awaited<ReturnType<typeof mailHost>>;
let host: MailHost;
let eyes: ReturnType<typeof oracle>;
beforeAll(async () => {
  mail = await mailHost(["--relay", "closed", ...near.flatMap((account) => ["--account", account])]);
  host = mail.host;
  eyes = oracle(host);
});
afterAll(() => mail?.end());
beforeEach(async () => {
  await host.exec("postsuper -d ALL >/dev/null 2>&1; true");
});
const stolen = { account: ["stolen@example.com"] };
const calls = () => callsOf(managed("mx").conn);

async function started(): Promise<string> {
  const plan = planById((await makePlan("mx", "purge", stolen, by)).id);
  const id = `h${plan.id.slice(1)}`;
  startAction(state(), plan, { id, reason: null, made_at: Date.now(), made_by: by });
  changeAction(state(), id, { state: "running", started_at: Date.now() });
  return id;
}
const record = (id: string) => findAction(state(), id) as NonNullable<ReturnType<typeof findAction>>;
const counts = (id: string) =>
  Object.fromEntries(outcomeCounts(state(), id).map(({ outcome, messages }) => [outcome, messages]));
/** Something happens on the host just before its n-th call of a verb. */
const before = (verb: string, happens: () => Promise<unknown>): HostCalls => {
  let due = true;
  return {
    ...calls(),
    ask: async (asked, params, items) => {
      if (asked === verb && due) {
        due = false;
        await happens();
      }
      return calls().ask(asked, params, items);
    },
  };
};

test("where nothing can be archived, nothing is deleted, and all goes back", async () => {
  await attack(host, { messages: 20 });
  await eyes.settled(20);
  const hashes = eyes.hashes(eyes.files().keys());
  // A full disk for the archive: another file system, without room.
  await host.exec(
    "mkdir -p /var/spool/postfix/sluice && mount -t tmpfs -o size=8k,nr_inodes=2 tmpfs /var/spool/postfix/sluice && { head -c 8192 /dev/zero >/var/spool/postfix/sluice/full; true; }",
  );
  try {
    const action = await runToEnd(await makePlan("mx", "purge", stolen, by));
    expect(action).toMatchObject({ state: "failed", done: 0, problem: expect.stringMatching(/full|write|made/) });
  } finally {
    await host.exec("umount /var/spool/postfix/sluice");
  }
  await expect.poll(() => [...eyes.files().values()].filter(({ queue }) => queue === "hold").length).toBe(0);
  await eyes.settled(20);
  expect(eyes.hashes(hashes.keys())).toEqual(hashes);
}, 60_000);

test("a disk that is full half-way through archiving: nothing is deleted, and all goes back", async () => {
  await attack(host, { messages: 20 });
  await eyes.settled(20);
  const plan = await makePlan("mx", "purge", stolen, by);
  await trouble.stopPostfix(host);
  const sums = () =>
    host.exec(
      "cd /var/spool/postfix && find incoming active deferred hold -type f | xargs sha256sum | sed 's|  .*/| |' | sort",
    );
  const before = await sums();
  // The same queue on a file system (tmpfs counts names as inodes) with room for the archive's folders and seven messages.
  await host.exec(
    `cd /var/spool && cp -a postfix /tmp/spool && mount -t tmpfs -o mode=755 tmpfs postfix && cp -a /tmp/spool/. postfix/ &&
     mkdir -p postfix/sluice && mount -o remount,nr_inodes=$(($(df --output=iused postfix | tail -n 1) + 10)) postfix`,
  );
  try {
    const action = await runToEnd(plan);
    expect(action, JSON.stringify(said(action.id))).toMatchObject({
      state: "failed",
      done: 0,
      problem: expect.stringMatching(/full/),
    });
    expect(await sums()).toBe(before);
    expect(await host.exec("find /var/spool/postfix/hold -type f")).toBe("");
  } finally {
    await host.exec("umount -l /var/spool/postfix; rm -r /tmp/spool");
    await trouble.startPostfix(host);
  }
}, 60_000);

test("Postfix stopped half-way: the purge goes on to its end", async () => {
  await attack(host, { messages: 30 });
  const good = (await honest(host, { messages: 5 })).map(({ id }) => id);
  await eyes.settled(35);
  for (const verb of ["keep", "drop"]) {
    const id = await started();
    await runSteps(
      new Run(
        state(),
        record(id),
        before(verb, () => trouble.stopPostfix(host)),
      ),
    );
    await trouble.startPostfix(host);
    expect(counts(id), verb).toEqual({ done: 30 });
    expect([...eyes.files().keys()].sort(), verb).toEqual([...good].sort());
    await attack(host, { messages: 30 });
    await eyes.settled(35);
  }
}, 60_000);

test("accounts and senders that are nearly the stolen one are not touched", async () => {
  const bad = await attack(host, { messages: 10 });
  const others: string[] = [];
  const text = [
    "Subject: sasl_username=stolen@example.com",
    "X-Account: stolen@example.com",
    "",
    "named_attribute: sasl_username=stolen@example.com",
    "*** ENVELOPE RECORDS deferred/A/ABCDEF ***",
  ].join("\n");
  for (const account of [...near, "alice@example.com"]) {
    const session = await login(host, account, "192.0.2.77");
    for (const sender of [
      "stolen@example.com",
      '"stolen"@example.com',
      "Stolen@example.com",
      "stolen+x@example.com",
      account,
    ])
      others.push(queuedAs(await session.message(sender, ["x@example.org"], text)) ?? "");
    await session.quit();
  }
  const queued = others.filter(Boolean);
  expect(queued.length).toBeGreaterThanOrEqual(near.length * 3);
  await eyes.settled(10 + queued.length);
  const hashes = eyes.hashes(queued);
  const action = await runToEnd(await makePlan("mx", "purge", stolen, by));
  expect(action, JSON.stringify(said(action.id))).toMatchObject({ state: "done", done: bad.length, skipped: [] });
  expect([...eyes.files().keys()].sort()).toEqual([...queued].sort());
  expect(eyes.hashes(queued)).toEqual(hashes);
});

test("upper case in the account and other alphabets in the sender are another's", async () => {
  await attack(host, { messages: 3 });
  await eyes.settled(3);
  const session = await login(host, "stolen@example.com", "203.0.113.9");
  const like = ["st\u00f6len@example.com", "st\u043elen@example.com", "STOLEN@example.com", "stolen@example.com"];
  const ids: string[] = [];
  for (const sender of like)
    ids.push(queuedAs(await session.message(sender, ["x@example.org"], "Subject: x\n\nx\n")) ?? "");
  await session.quit();
  await eyes.settled(7);
  expect(ids.every(Boolean)).toBe(true);
  // Dovecot folds logins, so a capital is written into the queue file, where it stands in one byte.
  const capital = (await attack(host, { messages: 1, seed: 77 })).map(({ id }) => id);
  await eyes.settled(8);
  const path = eyes
    .files()
    .get(capital[0] ?? "")
    ?.path.slice(host.dir.length);
  await host.exec(
    `at=$(grep -abo 'sasl_username=stolen@' ${path} | cut -d: -f1) && printf S | dd of=${path} bs=1 seek=$((at + 14)) conv=notrunc 2>/dev/null`,
  );
  expect(await eyes.account(capital[0] ?? "")).toBe("Stolen@example.com");
  const purge = async (filter: Parameters<typeof makePlan>[2]) => runToEnd(await makePlan("mx", "purge", filter, by));
  for (const [at, sender] of like.entries()) {
    expect(await purge({ sender: [sender] }), sender).toMatchObject({ state: "done", done: 1, skipped: [] });
    expect([...eyes.files().keys()].filter((id) => ids.includes(id)).sort()).toEqual(ids.slice(at + 1).sort());
  }
  expect(await purge(stolen)).toMatchObject({ state: "done", done: 3, skipped: [] });
  expect([...eyes.files().keys()]).toEqual(capital);
});

test("ids that went to other messages, again and again: none of them is deleted", async () => {
  const rounds = Number(process.env.SLUICE_ROUNDS ?? 2);
  let reused = 0;
  for (let round = 0; round < rounds; round++) {
    const bad = await attack(host, { messages: 40, parallel: 4, seed: round + 1 });
    const good = await honest(host, { messages: 40, parallel: 4, seed: round + 1000 });
    await eyes.settled(80);
    const plan = await makePlan("mx", "purge", stolen, by);
    const files = eyes.files();
    const here = (id: string) => files.get(id)?.path.slice(host.dir.length) ?? "";
    // Before the run for one half; for the other half just before it is held, or between archive and deletion.
    const swap = (from: number) =>
      host.exec(
        bad
          .slice(from, from + 20)
          .map(({ id }, at) => {
            const other = good[from + at]?.id ?? "";
            return `p=$(find /var/spool/postfix/deferred /var/spool/postfix/hold -name ${id}); rm "$p"; mv ${here(other)} "$p"`;
          })
          .join("; "),
      );
    await swap(0);
    const hashes = eyes.hashes(bad.slice(0, 20).map(({ id }) => id));
    const row = planById(plan.id);
    const id = `r${row.id.slice(1)}`;
    startAction(state(), row, { id, reason: null, made_at: Date.now(), made_by: by });
    changeAction(state(), id, { state: "running", started_at: Date.now() });
    const goodBefore = eyes.hashes(good.slice(20).map(({ id }) => id));
    await runSteps(
      new Run(
        state(),
        record(id),
        before(round % 2 === 0 ? "keep" : "drop", () => swap(20)),
      ),
    );
    reused += 40;
    expect(counts(id).done ?? 0, JSON.stringify(said(id))).toBe(0);
    expect(eyes.hashes(hashes.keys())).toEqual(hashes);
    const after = eyes.hashes(bad.slice(20).map(({ id }) => id));
    expect([...after.values()].sort()).toEqual([...goodBefore.values()].sort());
    await expect.poll(() => [...eyes.files().values()].filter(({ queue }) => queue === "hold").length).toBe(0);
    await host.exec("postsuper -d ALL >/dev/null 2>&1; true");
  }
  expect(reused).toBe(rounds * 40);
}, 600_000);

test("a cancel half-way says what was and what was not done, and gives back the rest", async () => {
  await attack(host, { messages: 30 });
  await eyes.settled(30);
  const plan = await makePlan("mx", "purge", stolen, by);
  const { id } = await runPlan({ plan: plan.id }, by);
  await cancelAction(id, by).catch(() => {});
  await hostIdle("mx");
  const action = getAction(id);
  const cancelled = action.skipped.find(({ reason }) => reason === "cancelled")?.messages ?? 0;
  expect(action.done + cancelled, JSON.stringify(said(id))).toBe(30);
  await eyes.settled(30 - action.done);
  expect([...eyes.files().values()].filter(({ queue }) => queue === "hold")).toEqual([]);
});

test("cancelled between two batches of the deletion: the report says which were done, and the others are as they were", async () => {
  const bad = await attack(host, { messages: 30 });
  await eyes.settled(30);
  const hashes = eyes.hashes(bad.map(({ id }) => id));
  const id = await started();
  let drops = 0;
  const run = new Run(state(), record(id), {
    ...calls(),
    ask: async (verb, params, items) => {
      if (verb === "drop" && ++drops === 2) changeAction(state(), id, { detail: JSON.stringify({ cancelledBy: by }) });
      return calls().ask(verb, params, items);
    },
  });
  run.batch = 10;
  await expect(runSteps(run)).rejects.toBeInstanceOf(Cancelled);
  // As the runner does it: giving back is not to be cancelled.
  const back = Object.assign(new Run(state(), record(id), calls()), { heed: () => {} });
  await giveUp(back, "cancelled", "cancelled before it was done");
  finishRun(back, "cancelled", 14);
  const action = getAction(id);
  expect(action).toMatchObject({ state: "cancelled", done: 20, undoable: true });
  expect(action.skipped).toEqual([{ reason: "cancelled", messages: 10, ids: expect.any(Array) }]);
  const left = [...(action.skipped[0]?.ids ?? [])].sort();
  await eyes.settled(10);
  expect([...eyes.files().keys()].sort()).toEqual(left);
  expect([...eyes.files().values()].map(({ queue }) => queue)).not.toContain("hold");
  const archived = (await host.exec(`cd /var/spool/postfix/sluice/${id} && ls | grep -v -e kind -e journal`)).split(
    "\n",
  );
  expect(archived.filter(Boolean).sort()).toEqual([...hashes.keys()].filter((one) => !left.includes(one)).sort());
  await undoAction(id, by);
  await hostIdle("mx");
  await eyes.settled(30);
  expect(eyes.hashes(hashes.keys())).toEqual(hashes);
});

test("a message without recipients left is reported as delivered, not archived, and drop refuses it", async () => {
  await attack(host, { messages: 4, recipientsEach: 1 });
  await eyes.settled(4);
  const id = await started();
  let husk = "";
  // As an agent leaves it that has served the last recipient: its record marked as done (queue file format, REC_TYPE_DONE).
  const served = async () => {
    const [name, file] = [...eyes.files()][0] ?? ["", { path: "" }];
    husk = name;
    const path = file.path.slice(host.dir.length);
    const at = /^ *(\d+) recipient: /m.exec(await host.exec(`postcat -eo ${path}`))?.[1];
    await host.exec(`printf D | dd of=${path} bs=1 seek=${at} conv=notrunc 2>/dev/null`);
  };
  await runSteps(new Run(state(), record(id), before("keep", served)));
  expect(counts(id), JSON.stringify(said(id))).toEqual({ done: 3, delivered: 1 });
  expect(await host.exec(`ls /var/spool/postfix/sluice/${id}`)).not.toContain(husk);
});
