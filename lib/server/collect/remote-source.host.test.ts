import { mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { type MailHost, startMailHost } from "../../../e2e/mailhost/host";
import { HostConnection } from "../../remote/connection";
import { buildWorker } from "./build-worker.mjs";
import { HostCollector } from "./host-collector";
import { remoteSource } from "./remote-source";
import { sampleLog } from "./sample-log";
import { CollectWorker } from "./worker-client";

/** The log's own lines come from a writer on the host: counting does not need Postfix, and goes faster without it. */
const log = "/var/log/mail.log";
const all = { from: 0, to: Number.MAX_SAFE_INTEGER };
const rights = { ownDomains: [], aliases: {} };
let host: MailHost;
let folder: string;
let program: string;
let worker: CollectWorker;
let conn: HostConnection;
let collector: HostCollector;

beforeAll(async () => {
  mkdirSync(join(process.cwd(), "build"), { recursive: true });
  folder = mkdtempSync(join(tmpdir(), "sluice-collect-host-"));
  program = await buildWorker(join(mkdtempSync(join(process.cwd(), "build", "worker-")), "collect-worker.mjs"));
  host = await startMailHost({ log: "traditional" });
  begin();
}, 60_000);
afterAll(async () => {
  await end();
  await host?.stop();
  rmSync(folder, { recursive: true, force: true });
  rmSync(join(program, ".."), { recursive: true, force: true });
});

function begin(): void {
  worker = new CollectWorker(program, folder);
  conn = new HostConnection({
    address: "127.0.0.1",
    port: host.sshPort,
    user: "root",
    hostKey: host.hostKey,
    privateKey: readFileSync(host.clientKeyPath, "utf8"),
    lockedDown: false,
  });
  collector = new HostCollector({
    host: "mx",
    folder: join(folder, "events"),
    worker,
    source: remoteSource(conn, log),
    zone: async () => ({ name: "UTC", minutes: 0 }),
    historyDays: () => 90,
    retry: () => 50,
  });
  collector.start();
}
async function end(): Promise<void> {
  await collector?.stop();
  conn?.end();
  await worker?.close();
}

/** Appends what a busy host would: in pieces, some of them cut inside a line. */
async function write(text: string, path = log): Promise<void> {
  const piece = 20_000;
  for (let at = 0; at < text.length; at += piece)
    await host.exec(`printf %s "$1" >>${path}`, [text.slice(at, at + piece)]);
}
/** Counted on the host by its own tools, over all generations of the file. */
async function grepped(): Promise<string[]> {
  const said = await host.exec(
    `cd /var/log && for f in mail.log*; do case $f in *.gz) zcat "$f" ;; *) cat "$f" ;; esac; done | grep -a ' [0-9A-F]*: client=' | grep -ao 'sasl_username=[^, ]*' | sort | uniq -c | awk '{ print $2 " " $1 }'`,
  );
  return said
    .trim()
    .split("\n")
    .map((line) => line.replace("sasl_username=", ""))
    .sort();
}
async function counted(): Promise<string[]> {
  const top = await worker.query("mx", "topAccounts", { span: all, rights, limit: 1000 });
  return top
    .filter((row) => row.messages > 0)
    .map((row) => `${row.account} ${row.messages}`)
    .sort();
}
async function caughtUp(): Promise<void> {
  const expected = await grepped();
  await vi.waitFor(async () => expect(await counted()).toEqual(expected), { timeout: 40_000, interval: 100 });
}

const start = Date.now() - 3_600_000;
test("counts what grep counts, and goes on when the connection is cut, the log is rotated and Sluice ends", async () => {
  await write(sampleLog(start, 300, 1000));
  await caughtUp();

  // Cut under way, again and again.
  const writing = write(sampleLog(start + 400_000, 600, 500, 300));
  for (let i = 0; i < 3; i++) {
    await new Promise((done) => setTimeout(done, 200));
    (conn as unknown as { session?: { end(): void } }).session?.end();
  }
  await writing;
  await caughtUp();

  // Renamed and made anew while lines come; the last ones still go to the old file.
  const late = sampleLog(start + 800_000, 100, 500, 900);
  await write(late.slice(0, 5000));
  await host.exec(`mv ${log} ${log}.1 && : >${log}`);
  await write(late.slice(5000), `${log}.1`);
  await write(sampleLog(start + 900_000, 100, 500, 1000));
  await caughtUp();

  // Ended, rotated twice with compression meanwhile, begun again.
  await end();
  await write(sampleLog(start + 1_000_000, 100, 500, 1100));
  await host.exec(`gzip -c ${log}.1 >${log}.2.gz && rm ${log}.1 && mv ${log} ${log}.1 && : >${log}`);
  await write(sampleLog(start + 1_100_000, 100, 500, 1200));
  begin();
  await caughtUp();

  // Copied and truncated.
  await host.exec(`cp ${log} ${log}.0 && : >${log}`);
  await new Promise((done) => setTimeout(done, 700));
  await write(sampleLog(start + 1_200_000, 50, 500, 1300));
  await caughtUp();
}, 120_000);

test("tells of a new line by itself, naming its account", async () => {
  const told = new Promise<string[]>((done) => {
    const unhear = worker.onCommitted(({ accounts }) => {
      if (accounts.length === 0) return;
      unhear();
      done(accounts);
    });
  });
  await write(sampleLog(start + 2_000_000, 1, 1, 2001));
  expect(await told).toEqual([`user${2001 % 7}@example.com`]);
});
