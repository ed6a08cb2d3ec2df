import { createHash } from "node:crypto";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { type Dashboard, hostEntry, startDashboard } from "./dashboard";
import { unharmed } from "./mailhost/harm";
import { type MailHost, startMailHost } from "./mailhost/host";
import { oracle } from "./mailhost/oracle";
import { chance } from "./mailhost/seeded";
import { attack, honest, type Sent } from "./mailhost/traffic";
import { trouble } from "./mailhost/trouble";
import { type SilentLink, silentLink } from "./silent-link";
import { until } from "./until";

// The built dashboard is killed here: `npm run build` first. More by hand: SLUICE_ROUNDS=200 SLUICE_MESSAGES=1000
// SLUICE_HONEST=200 SLUICE_SEED=5.
const rounds = Number(process.env.SLUICE_ROUNDS ?? 4);
const messages = Number(process.env.SLUICE_MESSAGES ?? 300);
const others = Number(process.env.SLUICE_HONEST ?? 40);
const dice = chance(Number(process.env.SLUICE_SEED ?? 11));

type ActionView = {
  state: string;
  done: number;
  planned: number;
  skipped: { reason: string; messages: number }[];
  problem: string | null;
};

const dataDir = mkdtempSync(join(tmpdir(), "sluice-faults-"));
let host: MailHost;
let link: SilentLink;
let dashboard: Dashboard;
let eyes: ReturnType<typeof oracle>;
let port: number | undefined;

async function start(): Promise<void> {
  dashboard = await startDashboard([hostEntry(host, { port: link.port })], { dataDir, ...(port ? { port } : {}) });
  port = Number(new URL(dashboard.url).port);
}
beforeAll(async () => {
  host = await startMailHost({ name: "faults", relay: "closed" });
  eyes = oracle(host);
  link = await silentLink(host.sshPort);
  await start();
}, 240_000);
afterAll(async () => {
  await dashboard?.stop();
  await link?.close();
  await host?.stop();
  rmSync(dataDir, { recursive: true, force: true });
});

const faults: Record<string, () => Promise<void>> = {
  "sshd's session is killed": async () => void (await trouble.killSessions(host)),
  "the dashboard is killed": async () => {
    await dashboard.kill();
    await start();
  },
  "the link falls silent": async () => {
    link.fallSilent();
    await sleep(500 + dice.int(1500));
    link.speak();
  },
  "the host's script is killed": async () => void (await host.exec("pkill -9 -f 'sluice [hkdlru][a-z]*$' || true")),
};
const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** Asking fails while the dashboard is down. */
const ended = (action: string): Promise<ActionView> =>
  until(
    () => dashboard.json<ActionView>("GET", `/api/actions/${action}`),
    ({ state }) => ["done", "failed", "cancelled", "undone"].includes(state),
    120_000 + messages * 10,
  );

/** The archive on the host, read as files. */
function archived(action: string): Map<string, string> {
  const folder = join(host.dir, "var/spool/postfix/sluice", action);
  const names = existsSync(folder) ? readdirSync(folder) : [];
  return new Map(
    names
      .filter((name) => /^[0-9A-F]+$/.test(name))
      .map((name) => [
        name,
        createHash("sha256")
          .update(readFileSync(join(folder, name)))
          .digest("hex"),
      ]),
  );
}
const recipientsOf = (sent: { sender: string; recipients: string[] }[]) =>
  sent.flatMap(({ sender, recipients }) => recipients.map((to) => `${sender} ${to}`)).sort();

for (let round = 0; round < rounds; round++) {
  const [what, strike] = Object.entries(faults)[round % 4] as [string, () => Promise<void>];
  test(
    `round ${round + 1}: ${what} during a purge of ${messages}, and nothing is lost, doubled or touched`,
    async () => {
      for (const name of readdirSync(host.sinkDir)) rmSync(join(host.sinkDir, name));
      await host.relay("closed");
      const [bad, good] = await Promise.all([
        attack(host, { messages, parallel: 4, recipientsEach: 1, seed: round + 1 }),
        honest(host, { messages: others, seed: round + 1000 }),
      ]);
      await eyes.settled(messages + others, 60_000 + messages * 20);
      const ids = bad.map(({ id }) => id);
      const before = eyes.hashes(ids);
      const goodBefore = eyes.hashes(good.map(({ id }) => id));

      // Honest mail keeps coming, a few a second, until the purge has ended.
      const flow = new AbortController();
      const flowing = honest(host, { messages: 2000, seed: round + 2000, rate: 8, parallel: 1, signal: flow.signal });
      // A round that fails leaves no traffic to the next one.
      onTestFinished(async () => {
        flow.abort();
        await flowing.catch(() => {});
      });
      const plan = await dashboard.json<{ id: string; messages: number; confirm: string | null }>(
        "POST",
        `/api/hosts/${host.name}/plans`,
        { action: "purge", filter: { account: "stolen@example.com" } },
      );
      expect(plan.messages).toBe(messages);
      const { id: action } = await dashboard.json<{ id: string }>("POST", "/api/actions", {
        plan: plan.id,
        confirm: plan.confirm ?? true,
      });
      // About as long as the purge takes, so that most strikes hit it.
      await sleep(dice.int(400 + messages));
      const at = await dashboard.json<ActionView & { stage: string }>("GET", `/api/actions/${action}`);
      await strike();
      const seen = await ended(action);
      flow.abort();
      const flowed: Sent[] = await flowing;
      const where = `${what} at ${at.state} ${at.stage}; ${JSON.stringify(seen)}`;
      if (process.env.SLUICE_ROUNDS)
        console.log(`round ${round + 1}: ${what} at ${at.state}/${at.stage ?? "-"}: ${seen.done}`);

      // Whatever the report says: each is whole, in the archive or in the queue.
      unharmed(
        new Map([...eyes.hashes(ids), ...archived(action)]),
        before,
        `planned mail was lost or changed: ${where}`,
      );
      // And the report is what the oracle sees.
      expect(seen, where).toMatchObject({ state: "done", done: messages, planned: messages, skipped: [] });
      unharmed(archived(action), before, `the archive is not what was purged: ${where}`);
      const all = [...good, ...flowed].map(({ id }) => id).sort();
      // Mail that is not there after this long is lost, which the comparison says.
      await eyes.settled(all.length).catch(() => {});
      const queue = eyes.files();
      unharmed([...queue.keys()].sort(), all, `the queue is not the mail of the others: ${where}`);
      expect([...queue.values()].filter(({ queue }) => queue === "hold")).toEqual([]);
      unharmed(eyes.hashes(goodBefore.keys()), goodBefore, `mail of others was touched: ${where}`);

      await dashboard.json("POST", `/api/actions/${action}/undo`);
      if (round % 2 === 1) {
        await sleep(dice.int(messages * 2));
        await strike();
      }
      expect(await ended(action), where).toMatchObject({ state: "undone", problem: null });
      await eyes.settled(all.length + messages).catch(() => {});
      unharmed([...eyes.files().keys()].sort(), [...all, ...ids].sort(), `not all was brought back: ${where}`);
      unharmed(eyes.hashes(ids), before, `what was brought back is not what was purged: ${where}`);
      expect([...eyes.files().values()].filter(({ queue }) => queue === "hold")).toEqual([]);

      await host.relay("sink");
      // A flush passes by what is still being tried.
      const flushed = async () => {
        await trouble.flush(host);
        await sleep(500);
        return eyes.files().size;
      };
      await until(flushed, (left) => left === 0, 60_000 + messages * 20);
      await eyes.settled(0);
      const sent = recipientsOf([...bad, ...good, ...flowed]);
      const delivered = () => recipientsOf(eyes.delivered());
      // The relay's last file may still be written; what has not come by the end is lost.
      await until(delivered, (seen) => seen.length >= sent.length).catch(() => {});
      unharmed(delivered(), sent, `not each message came once: ${where}`);
    },
    900_000 + messages * 120,
  );
}
