import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { LogRecord } from "../../core/log-record";
import { Duck } from "./duck";
import { HostStore } from "./host-store";
import { type QueryParams, queries } from "./queries";
import { sampleRecords } from "./sample-records";

const day = 86_400_000;
const from = Date.UTC(2026, 10, 20, 10);
const rights = { ownDomains: [], aliases: {} };
let folder: string;
let duck: Duck;
let store: HostStore;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "sluice-events-"));
  duck = await Duck.open(join(folder, "spill"), 100);
  store = await HostStore.open(duck, join(folder, "h"), () => 68 * 256 + 69);
});
afterEach(async () => {
  await store.close();
  duck.close();
  rmSync(folder, { recursive: true, force: true });
});

async function fill(messages: number, at: number, state = "{}", step = 1000) {
  await store.begin(at);
  for (const record of sampleRecords(messages, { from: at, step })) store.add(record);
  return store.commit("live", { state, snapshot: "s" });
}
const all = { from: 0, to: from + 30 * day };

describe("what is stored", () => {
  test("is counted by account, with forged senders only where the domain is not the login's", async () => {
    expect((await fill(1000, from)).length).toBe(50);
    const top = await queries.topAccounts(store, { span: all, rights, limit: 100 });
    expect(top).toHaveLength(50);
    expect(top[0]).toMatchObject({ messages: 20, sessions: 20, countries: 1 });
    const thief = top.find((row) => row.account === "user0@example.com");
    expect(thief).toMatchObject({ messages: 20, senders: 20, forgedSenders: 20 });
    expect(top.filter((row) => row.forgedSenders > 0)).toHaveLength(1);
    expect(top.reduce((sum, row) => sum + row.messages, 0)).toBe(1000);
  });

  test("obeys the window: from inclusive, to exclusive", async () => {
    await fill(100, from);
    const top = await queries.topAccounts(store, {
      span: { from: from + 10_000, to: from + 20_000 },
      rights,
      limit: 100,
    });
    expect(top.map((row) => row.account).sort()).toEqual(
      Array.from({ length: 10 }, (_, i) => `user${i + 10}@example.com`),
    );
  });

  test("goes into a file a day, and old days go as whole files", async () => {
    await fill(10, from);
    await fill(10, from + day);
    await fill(10, from + 2 * day);
    const files = () => readdirSync(join(folder, "h")).filter((name) => name.endsWith(".duckdb"));
    expect(files()).toEqual(["2026-11-20.duckdb", "2026-11-21.duckdb", "2026-11-22.duckdb"]);
    expect(await store.dropBefore(from + 2 * day)).toBe(2);
    expect(files()).toEqual(["2026-11-22.duckdb"]);
    expect(store.span?.from).toBe(from + 2 * day);
  });

  test("is there again after a restart, with the last state of each piece", async () => {
    await fill(10, from, "first");
    await fill(10, from + day, "second");
    await store.close();
    store = await HostStore.open(duck, join(folder, "h"), () => 0);
    expect(await store.checkpoints()).toEqual(new Map([["live", { state: "second", snapshot: "s" }]]));
    expect(
      (await queries.topAccounts(store, { span: all, rights, limit: 100 })).reduce((s, r) => s + r.messages, 0),
    ).toBe(20);
  });

  test("is not half there after a rollback: neither rows nor state", async () => {
    await fill(10, from, "first");
    await store.begin(from);
    for (const record of sampleRecords(5000, { from, step: 10, accounts: 500 })) store.add(record);
    await store.rollback();
    await fill(10, from + 60_000, "second");
    const top = await queries.topAccounts(store, { span: all, rights, limit: 1000 });
    expect(top.map((row) => row.messages)).toEqual(Array(10).fill(2));
  });

  test("keeps texts of every length as they are, and shows a NUL", async () => {
    const senders = Array.from({ length: 3000 }, (_, i) => `${"x".repeat(i % 30)}${i % 100 === 7 ? "ü\0" : ""}`);
    for (const few of [senders, senders.filter((sender) => /^x*$/.test(sender)), ["", "a"]]) {
      await store.begin(from);
      for (const [i, sender] of few.entries()) {
        const [envelope] = [...sampleRecords(1, { from: from + i, step: 1 })].filter(({ kind }) => kind === "envelope");
        store.add({ ...envelope, sender } as Extract<LogRecord, { kind: "envelope" }>);
      }
      await store.commit("live", { state: "{}", snapshot: "s" });
      const rows = await store.query(`SELECT sender FROM ${store.source("envelopes", all)} ORDER BY t`);
      expect(rows.map((row) => row.sender)).toEqual(few.map((sender) => sender.replace("\0", "␀")));
      await store.inFiles(all, async (database, session) => session.run(`DELETE FROM ${database}.envelopes`));
    }
  });

  test("is set aside with a notice where a file is broken", async () => {
    await fill(10, from);
    await store.close();
    writeFileSync(join(folder, "h", "2026-11-19.duckdb"), "no database");
    store = await HostStore.open(duck, join(folder, "h"), () => 0);
    expect(store.notices[0]).toContain("2026-11-19");
    expect(readdirSync(join(folder, "h")).some((name) => name.startsWith("2026-11-19.duckdb.broken"))).toBe(true);
    expect((await queries.topAccounts(store, { span: all, rights, limit: 100 })).length).toBe(10);
  });
});

describe("one account", () => {
  const account = "user0@example.com";
  test("has numbers, sessions, a timeline and the lines behind them", async () => {
    await fill(1000, from);
    const numbers = await queries.accountNumbers(store, { account, span: all, rights });
    expect(numbers).toMatchObject({
      messages: 20,
      sessions: 20,
      senders: 20,
      forgedSenders: 20,
      delivered: 20,
      first: from,
    });
    expect(numbers.countries).toEqual([{ key: "DE", count: 20 }]);
    const line = await queries.accountTimeline(store, { account, span: { from, to: from + 1_000_000 }, buckets: 10 });
    expect(line.buckets.map((bucket) => bucket.messages)).toEqual(Array(10).fill(2));
    expect(line.networks.reduce((sum, net) => sum + net.messages, 0)).toBe(20);
    const of = { account, span: all, rights };
    const behind = await queries.positions(store, { ...of, of: "messages", limit: 5 });
    expect(behind.total).toBe(20);
    expect(behind.lines.map((position) => position.offset)).toEqual(
      [750, 800, 850, 900, 950].map((i) => i * 700 + 100),
    );
    const total = async (query: Omit<QueryParams<"positions">, keyof typeof of | "limit">) =>
      (await queries.positions(store, { ...of, ...query, limit: 5 })).total;
    expect(await total({ of: "messages", country: "DE" })).toBe(20);
    expect(await total({ of: "messages", country: "FR" })).toBe(0);
    expect(numbers.networks.reduce((sum, { count }) => sum + count, 0)).toBe(20);
    for (const { key, count } of numbers.networks) {
      expect(key).toMatch(/^203\.\d\.0\.0\/16$/);
      expect(await total({ of: "messages", network: key })).toBe(count);
    }
    const clients = await queries.accountClients(store, { account, span: all });
    expect(clients.reduce((sum, { messages }) => sum + messages, 0)).toBe(20);
    const [one, two] = clients.map(({ address }) => address);
    expect(await total({ of: "messages", clients: [one ?? "", two ?? ""] })).toBe(
      (clients[0]?.messages ?? 0) + (clients[1]?.messages ?? 0),
    );
    expect(await total({ of: "messages", clients: [] })).toBe(0);
    expect(await total({ of: "forged" })).toBe(20);
    const sender = (await queries.accountNumbers(store, { ...of })).topSenders[0]?.sender ?? "";
    expect(await total({ of: "senders", sender })).toBe(1);
    expect(await total({ of: "senders", sender: `${sender}' OR ''='` })).toBe(0);
    expect(
      (
        await queries.positions(store, {
          ...of,
          of: "forged",
          rights: { ownDomains: [], aliases: { [account]: [sender] } },
          limit: 5,
        })
      ).total,
    ).toBe(19);
    const facts = await queries.accountFacts(store, { account, span: { from, to: from + day }, rights });
    expect(facts.hours[0]).toMatchObject({ at: from, messages: 20, countries: ["DE"] });
    expect(facts.baseline).toBeNull();
  });

  test("pages its sessions, newest first, none twice and none left out", async () => {
    await fill(1000, from);
    const seen: number[] = [];
    let before: { at: number; session: string } | null = null;
    do {
      const page: Awaited<ReturnType<typeof queries.accountSessions>> = await queries.accountSessions(store, {
        account,
        span: all,
        limit: 7,
        before,
      });
      seen.push(...page.map((session) => session.start));
      const last = page.at(-1);
      before = last ? { at: last.first, session: last.key } : null;
      if (page[0]) expect(page[0]).toMatchObject({ pid: expect.any(Number), authOk: 1, messageCount: 1 });
    } while (before);
    expect(seen).toEqual(Array.from({ length: 20 }, (_, i) => from + (19 - i) * 50_000));
  });
});

describe("a queue id", () => {
  test("leads to its account and its records; a reused one to the nearest in time", async () => {
    await fill(10, from);
    await fill(10, from + day);
    const id = (0xabcdef00000 + 3).toString(16).toUpperCase();
    const found = await queries.accountsOfIds(store, {
      ids: [
        { id, arrival: from + day + 3000 },
        { id: "FFFFF", arrival: from },
      ],
    });
    expect(found).toEqual([{ id, account: "user3@example.com", client: "192.0.2.3", at: from + day + 3000 }]);
    expect(await queries.accountsOfIds(store, { ids: [{ id, arrival: from + 3 * day }] })).toEqual([]);
    const message = await queries.recordsOfMessage(store, { id });
    expect(message).toMatchObject({
      account: "user3@example.com",
      sender: "user3@example.com",
      born: from + day + 3000,
    });
    expect(message?.deliveries).toMatchObject([{ status: "deferred", recipient: "someone3@there.example" }]);
  });
});
