import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { type MailHost, startMailHost } from "../../../e2e/mailhost/host";
import { attack, failedLogin, honest, login } from "../../../e2e/mailhost/traffic";
import { contract } from "../../api/contract";
import { buildWorker } from "../collect/build-worker.mjs";

const account = "stolen@example.com";
const day = { last: "1d" };
let host: MailHost;
let folder: string;
let grepped: string[];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "sluice-accounts-"));
  const program = join(process.cwd(), "build", "collect-worker.mjs");
  mkdirSync(join(process.cwd(), "build"), { recursive: true });
  if (!existsSync(program)) await buildWorker(program);
  host = await startMailHost({ log: "traditional" });
  await failedLogin(host, account, "203.0.113.9");
  await attack(host, { messages: 60, senders: 40, clients: 30, recipientsEach: 3 });
  await honest(host, { messages: 20 });
  const hosts = [
    {
      id: "mx",
      name: "mx",
      address: "127.0.0.1",
      port: host.sshPort,
      user: "root",
      privateKey: host.clientKeyPath,
      hostKey: host.hostKey,
      log: host.logPath,
    },
  ];
  writeFileSync(join(folder, "hosts.json"), JSON.stringify(hosts));
  vi.stubEnv("SLUICE_DATA_DIR", folder);
  vi.stubEnv("SLUICE_HOSTS", join(folder, "hosts.json"));
  const { startHosts } = await import("../hosts/registry");
  const { startEvents } = await import("../collect/provide");
  startHosts();
  startEvents();
  grepped = (await host.exec(`grep -a 'client=.*sasl_username=${account}' /var/log/mail.log`)).trim().split("\n");
  const { listAccounts } = await import("./accounts");
  await vi.waitFor(async () => expect((await listAccounts("mx", day))[0]?.messages).toBe(grepped.length), {
    timeout: 20_000,
    interval: 100,
  });
}, 90_000);
afterAll(async () => {
  const { stopCollectors } = await import("../collect/collectors");
  const { stopHosts } = await import("../hosts/registry");
  const { closeState } = await import("../state");
  await stopCollectors();
  stopHosts();
  closeState();
  await host?.stop();
  rmSync(folder, { recursive: true, force: true });
});

describe("what the API answers of a stolen account", () => {
  test("ranks it first, with exactly grep's count, and keeps to the contract", async () => {
    const { listAccounts } = await import("./accounts");
    const rows = contract.listAccounts.answer.parse(await listAccounts("mx", day));
    expect(rows[0]).toMatchObject({
      account,
      messages: grepped.length,
      senders: 40,
      forgedSenders: 40,
      failedLogins: 1,
    });
    expect(rows.find((row) => row.account === "alice@example.com")?.forgedSenders).toBe(0);
    expect(await listAccounts("mx", { ...day, text: "ALICE" })).toHaveLength(1);
  });

  test("shows it whole, with findings", async () => {
    const { accountOf } = await import("./accounts");
    const view = contract.account.answer.parse(await accountOf("mx", account, day));
    expect(view.numbers).toMatchObject({ messages: 60, recipients: 180, failedLogins: 1, failedBeforeFirstSuccess: 1 });
    expect(view.findings.length).toBeGreaterThan(0);
    expect(view.verdict).not.toBe("clear");
  });

  test("has its sessions in pages, and open ones without an end", async () => {
    const { sessionsOf } = await import("./account-sessions");
    const client = await login(host, account, "198.51.100.77");
    // Refused before any line of the session names the login.
    for (const line of [`MAIL FROM:<${account}>`, "RCPT TO:<x@nosuchdomain.example>", "RSET"]) await client.send(line);
    await client.message(account, ["someone@example.net"], "Subject: open\r\n\r\nopen\r\n");
    const first = await vi.waitFor(
      async () => {
        const page = await sessionsOf("mx", account, { ...day, limit: 10 });
        expect(page.sessions[0]?.client.address).toBe("198.51.100.77");
        return page;
      },
      { timeout: 10_000 },
    );
    contract.accountSessions.answer.parse(first);
    expect(first.sessions[0]?.end).toBeNull();
    expect(first.sessions[0]?.messages).toHaveLength(1);
    expect(first.sessions[0]?.rejects).toMatchObject([{ stage: "RCPT", recipient: "x@nosuchdomain.example" }]);
    const { accountOf } = await import("./accounts");
    expect((await accountOf("mx", account, day)).numbers.rejects).toBe(1);
    const keys = new Set(first.sessions.map((session) => session.key));
    let cursor = first.next;
    while (cursor) {
      const page = await sessionsOf("mx", account, { ...day, limit: 10, cursor });
      for (const session of page.sessions) keys.add(session.key);
      cursor = page.next;
    }
    const { listAccounts } = await import("./accounts");
    const row = (await listAccounts("mx", { ...day, text: account }))[0];
    expect(row?.rejects).toBe(1);
    expect(keys.size).toBe(row?.sessions);
    await client.quit();
  });

  test("leads from each number to its lines", async () => {
    const { accountLines, logAround } = await import("./log-lines");
    const found = await accountLines("mx", account, { ...day, of: "messages", limit: 5000 });
    contract.accountLines.answer.parse(found);
    const hits = found.lines.filter((line) => line.hit).map((line) => line.text);
    expect(hits.slice(0, grepped.length)).toEqual(grepped);
    expect(found.total).toBe(hits.length);
    const around = await accountLines("mx", account, { ...day, of: "failedLogins", around: 3 });
    expect(around.lines.filter((line) => line.hit)).toHaveLength(1);
    expect(around.lines.length).toBeGreaterThan(3);
    const moment = await logAround("mx", { at: new Date().toISOString(), before: 5, after: 5 });
    contract.log.answer.parse(moment);
    expect(moment.lines.length).toBeGreaterThanOrEqual(6);
  });

  test("has a timeline that adds up", async () => {
    const { timelineOf } = await import("./accounts");
    const line = contract.accountTimeline.answer.parse(await timelineOf("mx", account, { last: "1h", buckets: 60 }));
    const sum = line.buckets.reduce((total, bucket) => total + bucket.messages, 0);
    expect(sum).toBe(61);
    expect(line.networks.every((network) => network.buckets.length === line.buckets.length)).toBe(true);
  });

  test("knows the account of a queue id and the message behind it", async () => {
    const { recordsOfMessage } = await import("../collect/provide");
    const id = /\]: ([0-9A-Za-z]+): client=/.exec(grepped[0] ?? "")?.[1] ?? "";
    expect(await recordsOfMessage("mx", id)).toMatchObject({ account, recipients: 3 });
  });
});
