import { mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { type MailHost, startMailHost } from "../../../e2e/mailhost/host";
import { attack } from "../../../e2e/mailhost/traffic";
import { HostConnection } from "../../remote/connection";
import { buildWorker } from "./build-worker.mjs";
import { HostCollector } from "./host-collector";
import { remoteSource } from "./remote-source";
import { CollectWorker } from "./worker-client";

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
  folder = mkdtempSync(join(tmpdir(), "sluice-journal-host-"));
  program = await buildWorker(join(mkdtempSync(join(process.cwd(), "build", "worker-")), "collect-worker.mjs"));
  host = await startMailHost({ log: "journal" });
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
    source: remoteSource(conn, null),
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
const caughtUp = () =>
  vi.waitFor(
    async () => {
      const said = await host.exec(
        `journalctl -q --no-pager -o cat SYSLOG_FACILITY=2 | grep '^[0-9A-Za-z]*: client=' | grep -o 'sasl_username=[^, ]*' | sort | uniq -c | awk '{ print $2 " " $1 }'`,
      );
      const grepped = said
        .trim()
        .split("\n")
        .map((line) => line.replace("sasl_username=", ""));
      const top = await worker.query("mx", "topAccounts", { span: all, rights, limit: 100 });
      expect(top.map((row) => `${row.account} ${row.messages}`).sort()).toEqual(grepped.sort());
      expect(collector.state.source).toBe("journal");
    },
    { timeout: 30_000, interval: 200 },
  );

test("a host with nothing but a journal is read and followed, across a cut and a restart", async () => {
  await attack(host, { messages: 20, senders: 10 });
  begin();
  await caughtUp();
  await attack(host, { messages: 15, senders: 10 });
  await caughtUp();
  (conn as unknown as { session?: { end(): void } }).session?.end();
  await attack(host, { messages: 10, senders: 10 });
  await caughtUp();
  await end();
  await attack(host, { messages: 5, senders: 5 });
  begin();
  await caughtUp();
});
