import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Dashboard, startDashboard } from "./dashboard";
import { unharmed } from "./mailhost/harm";
import { type MailHost, startMailHost } from "./mailhost/host";
import { oracle } from "./mailhost/oracle";
import type { SmtpClient } from "./mailhost/smtp";
import { attack, honest, login, type Sent } from "./mailhost/traffic";
import { until } from "./until";

type Group = { key: string | null; messages: number; recipients: number; bytes: number; oldest: string };
type Groups = {
  total: number;
  matched: number;
  asOf: string;
  complete: boolean;
  unresolved: number;
  groups: Group[];
};
type Row = { id: string; queue: string; sender: string; account: string | null; client: string | null };
type Rows = Omit<Groups, "groups"> & { messages: Row[]; next: string | null };
type Plan = {
  id: string;
  messages: number;
  recipients: number;
  bytes: number;
  confirm: string | null;
  expires: string;
};
type Action = { state: string; planned: number; done: number; skipped: unknown[]; undoable: boolean };
type Seen = {
  state: string;
  queue?: Record<string, number>;
  log?: { oldest?: string; newest?: string; behindBytes: number };
};
type Failure = { error: { code: string; message: string } };

const account = "stolen@example.com";
const folder = mkdtempSync(join(tmpdir(), "contract-"));
const at = (path: string) => `/api/hosts/${host.name}${path}`;
let host: MailHost;
let look: ReturnType<typeof oracle>;
let dashboard: Dashboard;
let stolen: Sent[] = [];
let good: Sent[] = [];
/** Between the attack and the honest mail, on a full second. */
let between = "";

const get = <T>(path: string) => dashboard.json<T>("GET", at(path));
const plan = (action: string, filter: unknown) => dashboard.json<Plan>("POST", at("/plans"), { action, filter });
const refused = async (method: string, path: string, body?: unknown) => {
  const answer = await dashboard.call(method, path, body);
  const { error } = (await answer.json()) as Failure;
  expect(error.message).toMatch(/.{15}/);
  return [answer.status, error.code];
};
const ended = (id: string) =>
  until(
    () => dashboard.json<Action>("GET", `/api/actions/${id}`),
    ({ state }) => !["waiting", "running", "undoing"].includes(state),
  );
/** Plans, confirms with the count, and waits for the report. */
async function act(action: string, filter: unknown): Promise<{ id: string; report: Action }> {
  const { id, messages } = await plan(action, filter);
  const ran = await dashboard.json<{ id: string }>("POST", "/api/actions", { plan: id, confirm: messages });
  return { id: ran.id, report: await ended(ran.id) };
}
const undo = async (id: string) => {
  await dashboard.json("POST", `/api/actions/${id}/undo`);
  return ended(id);
};
const ids = (sent: Sent[]) => sent.map(({ id }) => id).sort();
const queued = (name: string) => [...look.files()].flatMap(([id, { queue }]) => (queue === name ? [id] : [])).sort();
/** Requeued mail lies in maildrop until pickup looks, which it does once a minute or when it is told (and is not busy). */
const picked = (count: number) =>
  until(
    async () => {
      await host.exec("postkick public pickup W 2>/dev/null || true");
      await look.settled(count, 500);
      return true;
    },
    (there) => there,
  );
/**
 * To the middle of the next second but one; answers when that was. Postfix stamps its lines by a clock that is brought up
 * to date at the kernel's ticks only, so it lags behind this process's: just after a full second it may still name the
 * one before. A timer that fires late may end there as well: then it is waited for again.
 */
async function secondsLater(): Promise<number> {
  for (;;) {
    await new Promise((resolve) => setTimeout(resolve, 2500 - (Date.now() % 1000)));
    const now = Date.now();
    if (now % 1000 > 200) return now;
  }
}
/** No mail of others was touched: their files are, byte for byte, what they were. */
const untouched = (before: Map<string, string>) =>
  unharmed(look.hashes(before.keys()), before, "mail that the action does not name is not as it was");

beforeAll(async () => {
  host = await startMailHost({ longIds: true });
  look = oracle(host);
  stolen = await attack(host, { messages: 8, senders: 6, clients: 4, failedLogins: 2 });
  // The last lines of the attack, of its deferred mail, come before.
  await look.settled(8);
  between = new Date(Math.floor((await secondsLater()) / 1000) * 1000).toISOString();
  good = await honest(host, { messages: 4 });
  await look.settled(12);
  dashboard = await startDashboard([host], {
    env: { NODE_OPTIONS: `--import=${join(process.cwd(), "e2e/clock.mjs")}`, CLOCK_AHEAD: join(folder, "ahead") },
  });
  await until(
    () => get<{ messages: number }[]>("/accounts?last=all"),
    (rows) => rows.reduce((sum, row) => sum + row.messages, 0) === 12,
  );
  // The queue is shown before it is known whose each message is.
  await until(
    () => get<Groups>("/queue?group=account"),
    ({ total, unresolved }) => total === 12 && unresolved === 0,
  );
}, 360_000);
afterAll(async () => {
  await dashboard?.stop();
  await host?.stop();
  rmSync(folder, { recursive: true });
});

describe("reading", () => {
  test("health is open and says one word", async () => {
    expect(await (await fetch(`${dashboard.url}/api/health`)).json()).toEqual({ status: "ok" });
  });

  test("hosts: the queue as its directories have it, and a log that is read to its end", async () => {
    const all = await until(
      () => dashboard.json<Seen[]>("GET", "/api/hosts"),
      ([one]) =>
        one?.state === "ok" && one.queue?.deferred === 12 && one.log?.oldest !== null && one.log?.behindBytes === 0,
    );
    expect(all).toHaveLength(1);
    expect(all[0]).toMatchObject({
      id: host.name,
      name: `${host.name}.example.com`,
      state: "ok",
      problem: null,
      queue: { incoming: 0, active: 0, deferred: 12, hold: 0, maildrop: 0, corrupt: 0 },
      log: { behindBytes: 0 },
    });
    const { oldest = "", newest = "" } = all[0]?.log ?? {};
    expect(Date.parse(oldest)).toBeLessThanOrEqual(Date.parse(between));
    expect(Date.parse(newest)).toBeGreaterThanOrEqual(Date.parse(between));
  });

  test("queue by groups: each group's count is the oracle's", async () => {
    const facts = await look.queue();
    const sent = [...stolen, ...good];
    const count = (key: (one: Sent) => string) => {
      const counts: Record<string, number> = {};
      for (const one of sent) counts[key(one)] = (counts[key(one)] ?? 0) + 1;
      return counts;
    };
    const groups = async (group: string) => {
      const answer = await get<Groups>(`/queue?group=${group}`);
      expect([answer.total, answer.matched, answer.complete]).toEqual([12, 12, true]);
      expect(answer.groups.map((one) => one.messages)).toEqual(
        answer.groups.map((one) => one.messages).sort((a, b) => b - a),
      );
      return Object.fromEntries(answer.groups.map((one) => [one.key, one.messages]));
    };
    expect(await groups("account")).toEqual(count((one) => one.account));
    expect(await groups("sender")).toEqual(count((one) => one.sender));
    expect(await groups("client")).toEqual(count((one) => one.client));
    expect(await groups("senderDomain")).toEqual(count((one) => one.sender.split("@")[1] as string));
    expect(await groups("queue")).toEqual({ deferred: 12 });
    const { groups: rows } = await get<Groups>("/queue?group=account");
    const mine = [...facts.values()].filter(({ id }) => ids(stolen).includes(id));
    expect(rows[0]).toEqual({
      key: account,
      messages: 8,
      recipients: mine.reduce((sum, one) => sum + one.recipients.length, 0),
      bytes: mine.reduce((sum, one) => sum + one.size, 0),
      oldest: new Date(Math.min(...mine.map((one) => one.arrival)) * 1000).toISOString(),
    });
  });

  test("queue by every filter: the rows are the oracle's", async () => {
    const sent = [...stolen, ...good];
    const domain = (address: string) => address.split("@")[1] as string;
    const [first] = stolen as [Sent];
    const [, other] = good as [Sent, Sent];
    const { groups } = await get<Groups>("/queue?group=reason");
    const reasons = groups.map(({ key }) => `reason=${encodeURIComponent(key ?? "")}`);
    expect(reasons[0]).toContain("refused");
    for (const [n, query] of reasons.entries())
      expect((await get<Rows>(`/queue?${query}`)).matched).toBe(groups[n]?.messages);
    const cases: [string, (one: Sent) => boolean][] = [
      [`account=${account}`, (one) => one.account === account],
      [`account=${account}&account=${other.account}`, (one) => [account, other.account].includes(one.account)],
      [`sender=${first.sender}`, (one) => one.sender === first.sender],
      [`senderDomain=${domain(first.sender)}`, (one) => domain(one.sender) === domain(first.sender)],
      [`client=${first.client}`, (one) => one.client === first.client],
      ["client=192.0.2.0/24", (one) => one.client.startsWith("192.0.2.")],
      [`recipient=${first.recipients[1]}`, (one) => one.recipients.includes(first.recipients[1] as string)],
      ["recipientDomain=example.org", (one) => one.recipients.some((to) => domain(to) === "example.org")],
      ["queue=deferred", () => true],
      ["queue=hold", () => false],
      [reasons.join("&"), () => true],
      ["text=H1.0@", (one) => one.recipients[0]?.startsWith("h1.0@") ?? false],
      ["olderThan=0", () => true],
      ["olderThan=36000", () => false],
      [`account=${account}&sender=${first.sender}`, (one) => one.sender === first.sender],
      [`exceptAccount=${account}`, (one) => one.account !== account],
      [`sender=${first.sender}x`, () => false],
      ["account=stolen", () => false],
    ];
    for (const [query, test] of cases) {
      const answer = await get<Rows>(`/queue?${query}`);
      expect([query, answer.messages.map(({ id }) => id).sort()]).toEqual([query, ids(sent.filter(test))]);
      expect([query, answer.matched, answer.total, answer.next]).toEqual([query, sent.filter(test).length, 12, null]);
    }
    const { messages } = await get<Rows>(`/queue?account=${other.account}`);
    expect(messages[0]).toMatchObject({ queue: "deferred", sender: other.sender, account: other.account });
  });

  test("queue by pages: every message once, and a cursor that nobody gave is refused", async () => {
    const seen: string[] = [];
    let cursor = "";
    for (let pages = 0; pages < 10; pages++) {
      const { messages, next } = await get<Rows>(`/queue?limit=5${cursor && `&cursor=${cursor}`}`);
      seen.push(...messages.map(({ id }) => id));
      if (next === null) break;
      cursor = next;
    }
    expect(seen.sort()).toEqual(ids([...stolen, ...good]));
    for (const query of ["cursor=x", "limit=0", "limit=5001", "queue=ALL", "group=x", "olderThan=-1", "sort=x"])
      expect([query, ...(await refused("GET", at(`/queue?${query}`)))]).toEqual([query, 400, "bad_request"]);
  });

  test("accounts: messages are the lines that grep counts, in the window that was asked", async () => {
    type Account = { account: string; messages: number; sessions: number; clients: number; failedLogins: number };
    const all = await get<Account[]>("/accounts?last=all");
    for (const row of all) expect([row.account, row.messages]).toEqual([row.account, await look.logged(row.account)]);
    expect(all[0]).toMatchObject({ account, messages: 8, clients: 4, rejects: 0, failedLogins: 2 });
    const after = await get<Account[]>(`/accounts?from=${between}`);
    expect(after.map((row) => row.account).sort()).toEqual([...new Set(good.map((one) => one.account))].sort());
    const before = await get<Account[]>(`/accounts?to=${between}`);
    expect(before.map((row) => [row.account, row.messages])).toEqual([[account, 8]]);
    expect(await get<Account[]>("/accounts?limit=1")).toHaveLength(1);
    expect(await refused("GET", at(`/accounts?from=${between}&to=2001-01-01T00:00:00Z`))).toEqual([400, "bad_request"]);
    expect(await refused("GET", at("/accounts?from=yesterday"))).toEqual([400, "bad_request"]);
  });

  test("sessions: each message once, under the client that sent it", async () => {
    type Session = {
      start: string;
      end: string | null;
      service: string;
      client: { name: string; address: string };
      messages: { id: string }[];
      rejects: unknown[];
    };
    const sessions: Session[] = [];
    let cursor = "";
    do {
      const query = `?last=all&limit=3${cursor && `&cursor=${encodeURIComponent(cursor)}`}`;
      const page = await get<{ sessions: Session[]; next: string | null }>(`/accounts/${account}/sessions${query}`);
      sessions.push(...page.sessions);
      cursor = page.next ?? "";
    } while (cursor);
    const found = sessions.flatMap(({ client, messages }) => messages.map(({ id }) => `${id} ${client.address}`));
    expect(found.sort()).toEqual(stolen.map(({ id, client }) => `${id} ${client}`).sort());
    for (const { start, end } of sessions) expect(Date.parse(start)).toBeLessThanOrEqual(Date.parse(end ?? start));
  });

  test("one message: envelope, headers, account and the lines of its id", async () => {
    const [one] = stolen as [Sent];
    const seen = await get<{
      envelope: { sender: string; recipients: { address: string }[] };
      headers: { name: string; value: string }[];
      lines: { text: string }[];
    }>(`/messages/${one.id}`);
    expect(seen).toMatchObject({ id: one.id, queue: "deferred", account, envelope: { sender: one.sender, account } });
    expect(seen.envelope.recipients.map(({ address }) => address).sort()).toEqual([...one.recipients].sort());
    expect(seen.headers.find(({ name }) => name === "From")?.value).toBe(`<${one.sender}>`);
    expect(seen.lines.length).toBe(await look.lines(`: ${one.id}: `));
    expect(await refused("GET", at("/messages/3zzzzzzzzzzzzzz"))).toEqual([400, "bad_request"]);
    expect(await refused("GET", at("/messages/0123456789"))).toEqual([404, "not_found"]);
  });

  test("log: the lines around a moment, as they stand in the file", async () => {
    const text = readFileSync(join(host.dir, "var/log/mail.log"), "utf8");
    const moment = new Date(Date.parse(between) - 500).toISOString();
    const { lines } = await get<{ lines: { text: string; hit: boolean }[] }>(`/log?at=${moment}&before=3&after=3`);
    expect(lines).toHaveLength(7);
    expect(lines.map((line) => line.hit)).toEqual([false, false, false, true, false, false, false]);
    expect(text).toContain(`${lines.map((line) => line.text).join("\n")}\n`);
    expect(await refused("GET", at("/log?at=now"))).toEqual([400, "bad_request"]);
  });
});

describe("acting", () => {
  test("hold, and its undo, move exactly what was planned", async () => {
    const before = look.hashes(ids(good));
    const made = await plan("hold", { account });
    expect(made).toMatchObject({ action: "hold", messages: 8, queues: [{ queue: "deferred", messages: 8 }] });
    expect(made).toMatchObject({ recipients: 16, accounts: [{ key: account, messages: 8 }], warnings: [] });
    expect(queued("hold")).toEqual([]);
    const { id } = await dashboard.json<{ id: string }>("POST", "/api/actions", { plan: made.id });
    expect(await ended(id)).toMatchObject({ state: "done", planned: 8, done: 8, skipped: [], undoable: true });
    expect(queued("hold")).toEqual(ids(stolen));
    expect(await undo(id)).toMatchObject({ state: "undone", undoable: false });
    expect(queued("hold")).toEqual([]);
    untouched(before);
  });

  test("one plan runs once, however often and however fast it is sent", async () => {
    const { id } = await plan("hold", { ids: ids(stolen).slice(0, 2) });
    const answers = await Promise.all([1, 2, 3].map(() => dashboard.call("POST", "/api/actions", { plan: id })));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409, 409]);
    expect(await refused("POST", "/api/actions", { plan: id })).toEqual([409, "plan_used"]);
    const winner = answers.find(({ ok }) => ok) as Response;
    const { id: action } = (await winner.json()) as { id: string };
    expect(await ended(action)).toMatchObject({ done: 2 });
    const { actions } = await dashboard.json<{ actions: unknown[] }>("GET", `/api/actions?host=${host.name}`);
    expect(actions).toHaveLength(2);
  });

  test("release gives back what is held", async () => {
    const { report } = await act("release", { queue: "hold" });
    expect(report).toMatchObject({ state: "done", planned: 2, done: 2 });
    expect(queued("hold")).toEqual([]);
    expect(await refused("POST", at("/plans"), { action: "release", filter: { queue: "hold" } })).toEqual([
      409,
      "plan_empty",
    ]);
  });

  test("requeue gives new ids and keeps the account", async () => {
    const [, , , one] = good as [Sent, Sent, Sent, Sent];
    const { report } = await act("requeue", { ids: [one.id] });
    expect(report).toMatchObject({ state: "done", done: 1 });
    await picked(12);
    const [fresh] = [...look.files().keys()].filter((id) => !ids([...stolen, ...good]).includes(id));
    expect(await look.account(fresh as string)).toBe(one.account);
    good = [...good.filter(({ id }) => id !== one.id), { ...one, id: fresh as string }];
    await until(
      () => get<Rows>(`/queue?account=${one.account}&fresh=1`),
      ({ messages }) => messages.some(({ id }) => id === fresh),
    );
  });

  test("a purge wants its word, then archives and deletes, and can be taken back", async () => {
    await dashboard.json("PUT", "/api/settings", { typedAbove: 3 });
    const before = look.hashes(ids(good));
    const made = await plan("purge", { account });
    expect(made).toMatchObject({ messages: 8, confirm: account });
    for (const confirm of [undefined, "", "yes", true, 7, 9, "stolen", "bob@example.com"])
      expect([confirm, ...(await refused("POST", "/api/actions", { plan: made.id, confirm }))]).toEqual([
        confirm,
        409,
        "confirm_needed",
      ]);
    expect(queued("hold")).toEqual([]);
    const { id } = await dashboard.json<{ id: string }>("POST", "/api/actions", { plan: made.id, confirm: account });
    expect(await ended(id)).toMatchObject({ state: "done", planned: 8, done: 8, skipped: [], undoable: true });
    unharmed([...look.files().keys()].sort(), ids(good), "the purge left mail of its account, or took another's");
    untouched(before);
    expect((await get<Groups>("/queue?group=account")).groups.map(({ key }) => key)).not.toContain(account);
    expect(await undo(id)).toMatchObject({ state: "undone" });
    // Restored into hold and released from there, each under its own id.
    await look.settled(12).catch(() => {});
    unharmed([...look.files().keys()].sort(), ids([...stolen, ...good]), "the undo did not bring all mail back");
    const back = [...look.files().keys()].filter((one) => !ids(good).includes(one));
    for (const one of back) expect(await look.account(one)).toBe(account);
    untouched(before);
  });

  test("a filter that says nothing, or what no action is, plans nothing", async () => {
    for (const body of [
      { action: "purge", filter: {} },
      { action: "purge", filter: { except: { account } } },
      { action: "purge", filter: { acount: account } },
      { action: "delete", filter: { account } },
      { action: "purge" },
      { action: "purge", filter: { account: [] } },
      { action: "purge", filter: { account: `a\n${account}` } },
    ])
      expect([body, ...(await refused("POST", at("/plans"), body))]).toEqual([body, 400, "bad_request"]);
    expect(await refused("POST", at("/plans"), { action: "hold", filter: { ids: ["ALL"] } })).toEqual([
      409,
      "plan_empty",
    ]);
    expect(await refused("POST", "/api/actions", { plan: "p0" })).toEqual([404, "not_found"]);
    expect(await refused("POST", "/api/actions/none/undo")).toEqual([404, "not_found"]);
  });

  test("suspension: refused, held and free again, one account alone", async () => {
    const suspension = at(`/accounts/${account}/suspension`);
    expect(await refused("POST", suspension, { mode: "reject" })).toEqual([409, "not_set_up"]);
    const smtpds = async () => (await host.exec("pgrep -x smtpd || true")).split("\n").filter(Boolean);
    const before = await smtpds();
    await dashboard.json("POST", at("/suspension-setup"), { op: "apply" });
    // An idle smtpd ends when it hears of the reload; until then it may take one more session, by the old settings.
    await until(smtpds, (now) => !now.some((pid) => before.includes(pid)));
    const open = await login(host, account, "203.0.113.9");
    const send = async (smtp: SmtpClient, sender: string) =>
      (await smtp.message(sender, ["one@example.org"], "Subject: x\n\nx\n")).code;
    expect(await dashboard.json("POST", suspension, { mode: "reject", reason: "stolen" })).toMatchObject({
      mode: "reject",
      by: "admin@example.com",
      since: expect.stringMatching(/^\d{4}-.*Z$/),
    });
    expect(await send(open, "a@example.net")).toBeGreaterThanOrEqual(500);
    const other = await login(host, "bob@example.com", "192.0.2.11");
    expect(await send(other, "bob@example.com")).toBe(250);
    expect(await dashboard.json("POST", suspension, { mode: "hold" })).toMatchObject({ mode: "hold" });
    const held = queued("hold").length;
    expect(await send(open, "a@example.net")).toBe(250);
    await until(
      () => queued("hold").length,
      (count) => count === held + 1,
    );
    expect(await dashboard.json("POST", suspension, { mode: "none" })).toMatchObject({ mode: "none", since: null });
    expect(await send(open, "a@example.net")).toBe(250);
    await Promise.all([open.quit(), other.quit()]);
    await until(
      () => look.files().size,
      (count) => count === 15,
    );
    expect(queued("hold")).toHaveLength(held + 1);
    expect(await refused("POST", suspension, { mode: "delete" })).toEqual([400, "bad_request"]);
  });

  test("services: what is answered is what is seen on the host", async () => {
    const running = async () => (await host.exec("postfix status >/dev/null 2>&1 && echo yes || echo no")).trim();
    expect(await dashboard.json("POST", at("/services/postfix"), { op: "stop" })).toMatchObject({
      service: "postfix",
      running: false,
    });
    expect(await running()).toBe("no");
    const services = await get<{ service: string; running: boolean }[]>("/services");
    expect(services.find(({ service }) => service === "postfix")?.running).toBe(false);
    expect(await dashboard.json("POST", at("/services/postfix"), { op: "start" })).toMatchObject({ running: true });
    expect(await running()).toBe("yes");
    for (const name of ["sshd", "..%2Fsshd", "postfix%20stop", "-x"])
      expect((await dashboard.call("POST", at(`/services/${name}`), { op: "stop" })).ok, name).toBe(false);
    expect(await refused("POST", at("/services/postfix"), { op: "restart" })).toEqual([400, "bad_request"]);
  });

  test("the stream tells of it as it happens", async () => {
    const stop = new AbortController();
    const { call, url } = dashboard;
    const made = await dashboard.json<{ id: string; key: string }>("POST", "/api/auth/api-key/create", { name: "s" });
    const stream = await fetch(`${url}/api/stream`, {
      headers: { authorization: `Bearer ${made.key}` },
      signal: stop.signal,
    });
    expect(stream.headers.get("content-type")).toContain("text/event-stream");
    let heard = "";
    const reading = (async () => {
      for await (const bytes of stream.body ?? []) heard += Buffer.from(bytes).toString("utf8");
    })().catch(() => {});
    const { id } = await act("hold", { ids: [good[0]?.id] });
    await until(
      () => heard,
      (text) => text.includes(`event: action\ndata: {"id":"${id}"`) && text.includes("event: queue"),
    );
    expect((await call("GET", "/api/actions")).ok).toBe(true);
    stop.abort();
    await reading;
  });

  test("a plan of a quarter of an hour ago runs no more", async () => {
    const { id, expires } = await plan("hold", { account: "bob@example.com" });
    expect(Date.parse(expires) - Date.now()).toBeGreaterThan(60_000);
    const held = queued("hold");
    writeFileSync(join(folder, "ahead"), String(16 * 60_000));
    await until(
      async () => (await dashboard.call("GET", `/api/plans/${id}`)).status,
      (status) => status === 410,
    );
    expect(await refused("POST", "/api/actions", { plan: id })).toEqual([410, "plan_expired"]);
    expect(queued("hold")).toEqual(held);
  });
});
