import { spawn } from "node:child_process";
import { once } from "node:events";
import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { buildWorker } from "./build-worker.mjs";
import { fileSource } from "./file-source";
import { HostCollector } from "./host-collector";
import type { LogSource } from "./log-source";
import { grepMessages, sampleLog } from "./sample-log";
import { CollectWorker } from "./worker-client";

const rights = { ownDomains: [], aliases: {} };
const all = { from: 0, to: Number.MAX_SAFE_INTEGER };
const now = Date.UTC(2026, 10, 27, 12);
const hour = 3_600_000;
let program: string;
// Reading waits for its turn on a busy machine; what is asserted is what was read, never how soon.
vi.setConfig({ testTimeout: 120_000 });

let folder: string;
let log: string;
let worker: CollectWorker;
let collector: HostCollector;

beforeAll(async () => {
  mkdirSync(join(process.cwd(), "build"), { recursive: true });
  program = await buildWorker(join(mkdtempSync(join(process.cwd(), "build", "worker-")), "collect-worker.mjs"));
  return () => rmSync(join(program, ".."), { recursive: true, force: true });
});
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "sluice-collect-"));
  mkdirSync(join(folder, "log"));
  log = join(folder, "log", "mail.log");
  worker = new CollectWorker(program, folder);
});
afterEach(async () => {
  await collector?.stop();
  await worker.close();
  rmSync(folder, { recursive: true, force: true });
});

function begin(source: LogSource = fileSource(log)): HostCollector {
  collector = new HostCollector({
    host: "mx",
    folder: join(folder, "events"),
    worker,
    source,
    zone: async () => ({ name: "UTC", minutes: 0 }),
    historyDays: () => 90,
    now: () => now,
    retry: () => 10,
    settle: 100,
  });
  collector.start();
  return collector;
}
async function down(): Promise<void> {
  await collector.stop();
  await worker.close();
  worker = new CollectWorker(program, folder);
}
/** A dashboard in a process of its own, killed after so many ms. */
async function killedAfter(ms: number): Promise<void> {
  const child = spawn(
    process.execPath,
    [
      "--conditions",
      "react-server",
      "--import",
      "tsx",
      join(import.meta.dirname, "sample-dashboard.ts"),
      program,
      folder,
      log,
      String(now),
    ],
    { stdio: ["ignore", "pipe", "inherit"] },
  );
  await once(child.stdout, "data");
  await new Promise((done) => setTimeout(done, ms));
  child.kill("SIGKILL");
  await once(child, "exit");
}
async function counts(): Promise<Map<string, number>> {
  const top = await worker.query("mx", "topAccounts", { span: all, rights, limit: 100 }).catch(() => []);
  return new Map(top.filter((row) => row.messages > 0).map((row) => [row.account, row.messages]));
}
const sorted = (map: Map<string, number>) => [...map].sort();
const caughtUp = (text: string) =>
  vi.waitFor(async () => expect(sorted(await counts())).toEqual(sorted(grepMessages(text))), {
    timeout: 60_000,
    interval: 30,
  });

describe("one log file", () => {
  test("is counted as grep counts it, and what is appended is counted too", async () => {
    let text = sampleLog(now - hour / 2, 500, 1000);
    writeFileSync(log, text);
    begin();
    await caughtUp(text);
    const more = sampleLog(now, 100, 1000, 500);
    // Cut in the middle of a line: the rest comes later.
    appendFileSync(log, more.slice(0, 1000));
    await new Promise((done) => setTimeout(done, 50));
    appendFileSync(log, more.slice(1000));
    text += more;
    await caughtUp(text);
    expect(collector.state.newest).toBe(now + 99_000);
  });

  test("that is long is read from its last hour on, then from its beginning, and the seam shows nowhere", async () => {
    const text = sampleLog(now - 20 * hour, 9000, (20 * hour) / 9000);
    expect(text.length).toBeGreaterThan(4 * 1024 * 1024);
    writeFileSync(log, text);
    const read: number[] = [];
    const local = fileSource(log);
    begin({
      ...local,
      follow: (file, offset, take, signal) => {
        read.push(offset);
        return local.follow(file, offset, take, signal);
      },
    });
    await caughtUp(text);
    await vi.waitFor(() => expect(collector.state.backfill).toBeNull(), { timeout: 30_000 });
    expect(read[0]).toBeGreaterThan(text.length * 0.85);
    const stolen = await worker.query("mx", "accountNumbers", { account: "stolen@example.com", span: all, rights });
    const lines = text.split("\n").filter((line) => line.includes("sasl_username=stolen@example.com"));
    expect(stolen.failedLogins + stolen.messages).toBe(lines.length);
    expect(stolen.delivered).toBe(stolen.messages);
    expect(stolen.recipients).toBe(stolen.messages);
    expect(stolen.forgedSenders).toBe(stolen.messages);
  });

  test("behind a seam gives messages that came in before it their account", async () => {
    // The deliveries of early messages stand hours behind them, in the part that is read first.
    const early = sampleLog(now - 20 * hour, 9000, (18 * hour) / 9000)
      .split("\n")
      .filter((line) => !/smtp\[700\]|removed/.test(line))
      .join("\n");
    const late = sampleLog(now - 20 * hour, 9000, 0)
      .split("\n")
      .filter((line) => /smtp\[700\]|removed/.test(line))
      .slice(-4000)
      .map((line) => line.replace(/^\w+ +\d+ [\d:]+/, "Nov 27 11:50:00"))
      .join("\n");
    const text = `${early}\n${late}\n`.replace(/\n\n+/g, "\n");
    writeFileSync(log, text);
    begin();
    await caughtUp(text);
    await vi.waitFor(() => expect(collector.state.backfill).toBeNull(), { timeout: 30_000 });
    let delivered = 0;
    for (const account of grepMessages(text).keys())
      delivered += (await worker.query("mx", "accountNumbers", { account, span: all, rights })).delivered;
    expect(delivered).toBe(2000);
  });
});

describe("rotation", () => {
  const parts = (n: number) =>
    Array.from({ length: n }, (_, i) => sampleLog(now - hour + i * 60_000, 100, 100, i * 100));

  test("by renaming, under way and while Sluice was down, loses and doubles nothing", async () => {
    const [a = "", b = "", c = "", d = ""] = parts(4);
    writeFileSync(log, a);
    begin();
    await caughtUp(a);
    renameSync(log, `${log}.1`);
    appendFileSync(`${log}.1`, b);
    writeFileSync(log, c.slice(0, 3000));
    await caughtUp(a + b + c.slice(0, 3000));
    await down();
    appendFileSync(log, c.slice(3000));
    renameSync(`${log}.1`, `${log}.2`);
    renameSync(log, `${log}.1`);
    writeFileSync(log, d);
    begin();
    await caughtUp(a + b + c + d);
  });

  test("by copying and truncating", async () => {
    const [a = "", b = "", c = ""] = parts(3);
    writeFileSync(log, a);
    begin();
    await caughtUp(a);
    appendFileSync(log, b);
    writeFileSync(`${log}.1`, readFileSync(log));
    truncateSync(log, 0);
    // A file that has grown beyond its old size before anybody looked cannot be told from one that was never cut.
    await caughtUp(a + b);
    appendFileSync(log, c);
    await caughtUp(a + b + c);
  });

  test("twice while Sluice was down, with the older file compressed by now", async () => {
    const [a = "", b = "", c = "", d = ""] = parts(4);
    writeFileSync(log, a);
    begin();
    await caughtUp(a);
    await down();
    writeFileSync(`${log}.2.gz`, gzipSync(a + b));
    writeFileSync(`${log}.1`, c);
    rmSync(log);
    writeFileSync(log, d);
    begin();
    await caughtUp(a + b + c + d);
  });

  test("in the midst of a second leaves each message its account and its deliveries", async () => {
    // All lines of a message bear one time; the older file ends behind its first line.
    const whole = sampleLog(now - hour, 40, 1000);
    const at = whole.indexOf("\n", whole.indexOf("sasl_username=", whole.length / 2)) + 1;
    writeFileSync(`${log}.1`, whole.slice(0, at));
    writeFileSync(log, whole.slice(at));
    begin();
    await caughtUp(whole);
    await vi.waitFor(() => expect(collector.state.backfill).toBeNull(), { timeout: 30_000 });
    let delivered = 0;
    for (const account of grepMessages(whole).keys())
      delivered += (await worker.query("mx", "accountNumbers", { account, span: all, rights })).delivered;
    expect(delivered).toBe(whole.split("status=sent").length - 1);
  });

  test("leaves history that is read newest file first", async () => {
    const [a = "", b = "", c = ""] = parts(3);
    writeFileSync(`${log}.2.gz`, gzipSync(a));
    writeFileSync(`${log}.1`, b);
    writeFileSync(log, c);
    begin();
    await caughtUp(a + b + c);
  });
});

describe("trouble", () => {
  test("a process killed at any moment goes on from what it had committed", async () => {
    const text = sampleLog(now - 20 * hour, 12_000, (20 * hour) / 12_000);
    writeFileSync(log, text);
    for (const ms of [20, 80, 160, 300]) await killedAfter(ms);
    begin();
    await caughtUp(text);
  });

  test("a connection that breaks again and again", async () => {
    const text = sampleLog(now - 20 * hour, 12_000, (20 * hour) / 12_000);
    writeFileSync(log, text);
    const local = fileSource(log);
    let budget = 0;
    const flaky =
      <T extends (bytes: Uint8Array) => Promise<void>>(take: T) =>
      async (bytes: Uint8Array) => {
        budget -= bytes.length;
        if (budget < 0) {
          budget = 1_500_000;
          throw new Error("cut");
        }
        await take(bytes);
      };
    begin({
      ...local,
      read: (file, offset, length, take, signal) => local.read(file, offset, length, flaky(take), signal),
      follow: (file, offset, take, signal) => local.follow(file, offset, flaky(take), signal),
    });
    await caughtUp(text);
  });
});
