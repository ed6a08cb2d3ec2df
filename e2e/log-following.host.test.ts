import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Dashboard, hostEntry, startDashboard } from "./dashboard";
import { type MailHost, startMailHost } from "./mailhost/host";
import { oracle } from "./mailhost/oracle";
import { chance } from "./mailhost/seeded";
import { attack, honest, type Sent } from "./mailhost/traffic";
import { trouble } from "./mailhost/trouble";
import { type SilentLink, silentLink } from "./silent-link";
import { until } from "./until";

// Logs rotate, links break and Sluice dies while mail flows, and at the end every login is counted as grep counts it.
// The built dashboard is killed here: `npm run build` first. More by hand: SLUICE_ROUNDS=60 SLUICE_SEED=5.
const rounds = Number(process.env.SLUICE_ROUNDS ?? 7);
const dice = chance(Number(process.env.SLUICE_SEED ?? 23));

const dataDir = mkdtempSync(join(tmpdir(), "sluice-following-"));
let host: MailHost;
let link: SilentLink;
let dashboard: Dashboard;
let port: number | undefined;

async function start(): Promise<void> {
  dashboard = await startDashboard([hostEntry(host, { port: link.port })], { dataDir, ...(port ? { port } : {}) });
  port = Number(new URL(dashboard.url).port);
}
beforeAll(async () => {
  host = await startMailHost({ name: "following", relay: "sink", log: "syslog" });
  link = await silentLink(host.sshPort);
});
afterAll(async () => {
  await dashboard?.stop();
  await link?.close();
  await host?.stop();
  rmSync(dataDir, { recursive: true, force: true });
});

const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
/** Older generations move on by one; the log is renamed, and its writer told, as logrotate does it. */
const shift = `for n in $(seq 99 -1 1); do for f in /var/log/mail.log.$n /var/log/mail.log.$n.*; do
  [ ! -e "$f" ] || mv "$f" "/var/log/mail.log.$((n + 1))\${f#/var/log/mail.log.$n}"; done; done`;
let dated = 0;
const happenings: Record<string, () => Promise<unknown>> = {
  "the log is renamed": async () => {
    await host.exec(shift);
    await trouble.rotate(host);
  },
  "the log is renamed and compressed": async () => {
    await host.exec(shift);
    await trouble.rotateCompressed(host, dice.pick(["gzip", "xz", "zstd", "bzip2"] as const));
  },
  "the log is renamed to a date": async () => {
    await host.exec(shift);
    await trouble.rotate(host);
    await host.exec('mv /var/log/mail.log.1 "$1"', [`/var/log/mail.log-202611${String(++dated).padStart(2, "0")}`]);
  },
  "SSH sessions are killed": () => trouble.killSessions(host),
  "the link falls silent": async () => {
    link.fallSilent();
    await sleep(500 + dice.int(1500));
    link.speak();
    await trouble.killSessions(host);
  },
  "the host is away": async () => {
    await trouble.stopSsh(host);
    if (dice.next() < 0.5) await happenings["the log is renamed"]?.();
    await sleep(dice.int(1500));
    await trouble.startSsh(host);
  },
  "the dashboard is killed": async () => {
    await dashboard.kill();
    if (dice.next() < 0.5) await happenings["the log is renamed"]?.();
    await start();
  },
};

/** All generations of the log, as the host's own tools read them. */
const wholeLog = `for f in /var/log/mail.log*; do case $f in *.gz) zcat "$f";; *.xz) xzcat "$f";; *.zst) zstd -dcq "$f";; *.bz2) bzcat "$f";; *) cat "$f";; esac; done`;
/** What `grep -c` finds of each login. */
async function grepped(): Promise<string[]> {
  const text = await host.exec(
    `{ ${wholeLog}; } | sed -n 's/.*: [0-9A-Za-z]*: client=.*, sasl_username=\\([^,]*\\).*/\\1/p' | sort | uniq -c`,
  );
  return text
    .split("\n")
    .filter(Boolean)
    .map((line) => line.trim().split(" ").reverse().join(" "))
    .sort();
}
const counted = async () =>
  (await dashboard.json<{ account: string; messages: number }[]>("GET", `/api/hosts/${host.name}/accounts?last=all`))
    .filter(({ messages }) => messages > 0)
    .map(({ account, messages }) => `${account} ${messages}`)
    .sort();

test(`${rounds} things happen to the log, the link and Sluice while mail flows: no line is lost, none counted twice`, {
  timeout: 600_000 + rounds * 80_000,
}, async () => {
  const before = await attack(host, { messages: 20 });
  await start();
  const flow = new AbortController();
  const flowing = honest(host, { messages: 100_000, rate: 12, parallel: 3, signal: flow.signal });
  const names = Object.keys(happenings);
  const said: string[] = [];
  for (let round = 0; round < rounds; round++) {
    // Each of them once, then any.
    const name = (round < names.length ? names[round] : dice.pick(names)) as string;
    await happenings[name]?.();
    said.push(name);
    // Rotations within one second are told apart by their names only, and a date and a number say nothing of each other.
    await sleep(1100 + dice.int(1000));
  }
  flow.abort();
  const sent: Sent[] = [...before, ...(await flowing)];
  // rsyslog may write a line after its message was answered.
  const expected = await until(
    grepped,
    (lines) => lines.reduce((sum, line) => sum + Number(line.split(" ")[1]), 0) === sent.length,
  );
  // A host that was away is tried again after a minute at most.
  const seen = await until(counted, (rows) => rows.join() === expected.join(), 180_000).catch(() => counted());
  expect(seen, said.join("; ")).toEqual(expected);

  // And what became of each message.
  await oracle(host).settled(0);
  const wanted = sent.reduce((sum, { recipients }) => sum + recipients.length, 0);
  await until(
    async () => Number(await host.exec(`{ ${wholeLog}; } | grep -c "status=sent"`)),
    (lines) => lines === wanted,
  );
  const delivered = async () => {
    const accounts = expected.map((line) => line.split(" ")[0]);
    const views = await Promise.all(
      accounts.map((account) =>
        dashboard.json<{ numbers: { delivered: number } }>(
          "GET",
          `/api/hosts/${host.name}/accounts/${account}?last=all`,
        ),
      ),
    );
    return views.reduce((sum, { numbers }) => sum + numbers.delivered, 0);
  };
  expect(await until(delivered, (sum) => sum === wanted).catch(delivered), said.join("; ")).toBe(wanted);
});
