import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Dashboard, type HostEntry, hostEntry, startDashboard } from "./dashboard";
import { unharmed } from "./mailhost/harm";
import { type MailHost, startMailHost } from "./mailhost/host";
import { oracle } from "./mailhost/oracle";
import { freePorts } from "./mailhost/ports";
import { attack, honest } from "./mailhost/traffic";
import { trouble } from "./mailhost/trouble";
import { until } from "./until";

type Problem = { code: string; message: string; detail?: string };
type Seen = { id: string; state: string; problem: Problem | null; queue: Record<string, number> | null };

const folder = mkdtempSync(join(tmpdir(), "trouble-"));
let host: MailHost;
let look: ReturnType<typeof oracle>;
let dashboard: Dashboard;
let good: string;

const ask = async (method: string, path: string, body?: unknown) => {
  const answer = await dashboard.call(method, path, body);
  const text = await answer.text();
  const read = JSON.parse(text) as { error?: Problem };
  return { status: answer.status, code: read.error?.code ?? null, message: read.error?.message ?? "", read, text };
};
const hosts = () => dashboard.json<Seen[]>("GET", "/api/hosts");
const plan = (id: string, filter: unknown = { everything: true }) =>
  ask("POST", `/api/hosts/${id}/plans`, { action: "hold", filter });
const marks = () => host.exec("ls /tmp/ran* /root/ran* /ran* 2>/dev/null || true");
const newKey = (name: string) => {
  execFileSync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", join(folder, name)]);
  return {
    path: join(folder, name),
    line: readFileSync(join(folder, `${name}.pub`), "utf8")
      .split(" ")
      .slice(0, 2),
  };
};

beforeAll(async () => {
  host = await startMailHost();
  look = oracle(host);
  good = host.name;
  const [closed, watched] = (await freePorts(2)) as [number, number];
  // A second sshd that writes down each login, and leaves a mark for each command, whatever it is.
  await host.exec(
    `/usr/sbin/sshd -p ${watched} -E /tmp/watched.log -o LogLevel=VERBOSE -o PidFile=/run/watched.pid -o 'ForceCommand=touch /tmp/ran-a-command'`,
  );
  await host.exec("rm /etc/sudoers.d/sluice");
  const entry = (id: string, change: Partial<HostEntry>) =>
    hostEntry(host, { id, name: `${id}.example.com`, ...change });
  dashboard = await startDashboard([
    hostEntry(host),
    entry("down", { port: closed }),
    entry("refused", { privateKey: newKey("client").path }),
    entry("otherkey", { port: watched, hostKey: newKey("server").line.join(" ") }),
    entry("norights", { user: host.sudoUser }),
    entry("nolog", { log: "/var/log/nothing.log" }),
  ]);
  await until(hosts, (all) => all.every(({ state }) => state !== "connecting"));
}, 300_000);
afterAll(async () => {
  await dashboard?.stop();
  await host?.stop();
  rmSync(folder, { recursive: true });
});

describe("a host that", () => {
  test.each([
    ["is down", "down", "host_unreachable", /address|port|SSH|try|reach/i],
    ["refuses the key", "refused", "host_auth_failed", /public key|authorized_keys/i],
    ["has another key than the confirmed one", "otherkey", "host_key_changed", /confirm|fingerprint|reinstall/i],
    ["gives no rights", "norights", "host_no_rights", /sudo|root/i],
  ])("%s says so with the next step, in the list and in each call; the others go on", async (_, id, code, step) => {
    const one = (await hosts()).find((each) => each.id === id) as Seen;
    expect(one.state).toBe(code === "host_no_rights" ? "degraded" : "down");
    expect(one.problem).toMatchObject({ code });
    expect(one.problem?.message).toMatch(step);
    const calls = [
      await ask("GET", `/api/hosts/${id}/queue?fresh=1`),
      await plan(id),
      await ask("GET", `/api/hosts/${id}/services`),
    ];
    for (const { code: said, message } of calls) {
      expect(said).toBe(code);
      expect(message).toMatch(step);
    }
    const check = await dashboard.json<{ lines: { ok: boolean; seen: string; mend: string | null }[] }>(
      "POST",
      `/api/hosts/${id}/check`,
    );
    const [bad] = check.lines.filter((line) => !line.ok);
    expect(bad?.seen).toMatch(/.{20}/);
    expect(bad?.mend).toMatch(/.{5}/);
    expect((await hosts()).find((each) => each.id === good)).toMatchObject({ state: "ok", problem: null });
  });

  test("has another key gets no login and no command", async () => {
    const log = await host.exec("cat /tmp/watched.log");
    expect(log).toContain("Connection from");
    expect(log).not.toMatch(/Accepted|Starting session|userauth|publickey/);
    expect(await marks()).toBe("");
  });

  test("has an empty queue answers an empty queue, whole, and plans nothing", async () => {
    expect((await ask("GET", `/api/hosts/${good}/queue?group=account`)).read).toMatchObject({
      total: 0,
      matched: 0,
      complete: true,
      groups: [],
    });
    expect(await plan(good)).toMatchObject({
      status: 409,
      code: "plan_empty",
      message: expect.stringMatching(/filter/),
    });
  });

  test("has no readable log says so, and its queue is there all the same", async () => {
    // Known once the log was asked for.
    const { message } = await until(
      () => ask("GET", "/api/hosts/nolog/accounts"),
      ({ code }) => code === "log_unreadable",
    );
    expect(message).toMatch(/host check/);
    expect((await ask("GET", "/api/hosts/nolog/queue?fresh=1")).status).toBe(200);
    const { lines } = await dashboard.json<{ lines: { name: string; ok: boolean; mend: string | null }[] }>(
      "POST",
      "/api/hosts/nolog/check",
    );
    expect(lines.find(({ name }) => name === "log")).toMatchObject({
      ok: false,
      mend: expect.stringContaining("/var/log/nothing.log"),
    });
  });

  test("rotates its log while it is followed loses no line and counts none twice", async () => {
    const counted = (messages: number) =>
      until(
        async () =>
          (await dashboard.json<{ account: string; messages: number }[]>("GET", `/api/hosts/${good}/accounts?last=all`))
            .map((row) => row.messages)
            .reduce((sum, one) => sum + one, 0),
        (sum) => sum === messages,
      );
    await attack(host, { messages: 3, senders: 3, clients: 1 });
    await counted(3);
    await trouble.rotate(host);
    await attack(host, { messages: 2, senders: 2, clients: 1, seed: 5 });
    await honest(host, { messages: 3 });
    await counted(8);
    const [row] = await dashboard.json<{ account: string; messages: number }[]>(
      "GET",
      `/api/hosts/${good}/accounts?last=all`,
    );
    const grep = await host.exec("cat /var/log/mail.log* | grep -c 'sasl_username=stolen@example.com'");
    expect(row).toMatchObject({ account: "stolen@example.com", messages: Number(grep) });
  });
});

describe("a listing that is cut", () => {
  /** Puts a script in the place of postqueue, whose own listing it can call as /root/real-postqueue. */
  const replace = (script: string) =>
    host.exec(
      `[ -e /root/real-postqueue ] || cp -p /usr/sbin/postqueue /root/real-postqueue; printf '%s' "$1" >/root/fake-postqueue; chmod 755 /root/fake-postqueue
       mount --bind /root/fake-postqueue /usr/sbin/postqueue`,
      [script],
    );
  // Lazily: a script that the cut session left behind may still hold it.
  const restore = () => host.exec("umount -l /usr/sbin/postqueue");

  test("because the connection went away is an error, and nothing is planned on it", async () => {
    await look.settled(8);
    // The dashboard lists by itself when the counts have moved, and its listing would be the one that is cut: it has seen
    // the last move, and has listed since.
    await until(hosts, (all) => all[0]?.queue?.deferred === 8 && all[0].queue.active === 0);
    expect((await ask("GET", `/api/hosts/${good}/queue?fresh=1`)).read).toMatchObject({ total: 8, complete: true });
    await replace(
      '#!/bin/sh\n[ -e /tmp/listing ] && exec /root/real-postqueue "$@"\n/root/real-postqueue "$@" | head -n 3\n: >/tmp/listing\nsleep 600\n',
    );
    try {
      const asked = [plan(good), ask("GET", `/api/hosts/${good}/queue?fresh=1`)];
      await until(
        () => host.exec("ls /tmp/listing 2>/dev/null || true"),
        (seen) => seen !== "",
      );
      await trouble.killSessions(host);
      const answers = await Promise.all(asked);
      const cut = answers.filter(({ status }) => status !== 200);
      expect(cut.length).toBeGreaterThan(0);
      for (const { code, message } of cut) {
        expect(["host_answer_cut", "host_unreachable", "listing_partial"]).toContain(code);
        expect(message).toMatch(/again|address|port/i);
      }
      // The second in the row is given a listing of its own, which is whole.
      for (const { read } of answers.filter(({ status }) => status === 200))
        expect(read).toMatchObject("total" in read ? { total: 8, complete: true } : { messages: 8 });
    } finally {
      await restore();
    }
    expect([...look.files().values()].map(({ queue }) => queue)).not.toContain("hold");
    await until(hosts, (all) => all[0]?.state === "ok");
    expect((await ask("GET", `/api/hosts/${good}/queue?fresh=1`)).read).toMatchObject({ total: 8, complete: true });
  }, 420_000);

  test("because postqueue itself ended early is no whole one", async () => {
    await replace('#!/bin/sh\n/root/real-postqueue "$@" | head -n 3\nkill -9 $$\n');
    try {
      const { status, code, message } = await plan(good);
      expect([status >= 400, message.length > 20]).toEqual([true, true]);
      expect(["host_answer_cut", "host_refused", "listing_partial"]).toContain(code);
      const { status: shown, read } = await ask("GET", `/api/hosts/${good}/queue?fresh=1`);
      expect(shown >= 400 || (read as { complete?: boolean }).complete === false).toBe(true);
    } finally {
      await restore();
    }
    expect((await plan(good)).read).toMatchObject({ messages: 8 });
  });
});

describe("hostile text", () => {
  const texts = [
    "$(touch /tmp/ran1)",
    "`touch /tmp/ran2`",
    '"; touch /tmp/ran4; "',
    "x\ntouch /tmp/ran6",
    "x\r\nSet-Cookie: a=b",
    "-oProxyCommand=touch /tmp/ran7",
    "ALL",
    "../../etc/passwd",
    "%00",
    "\u0000",
    "<script>alert(1)</script>",
    "a@example.com' OR '1'='1",
    "a".repeat(10_000),
    "😀@example.com",
  ];

  test("in the path answers a clear error or an empty answer, and is nowhere executed", async () => {
    const before = look.hashes(look.files().keys());
    for (const text of texts) {
      const part = encodeURIComponent(text);
      const calls: [string, string, unknown?][] = [
        ["GET", `/api/hosts/${good}/messages/${part}`],
        ["GET", `/api/hosts/${part}/queue`],
        ["GET", `/api/hosts/${good}/accounts/${part}`],
        ["GET", `/api/hosts/${good}/accounts/${part}/sessions`],
        ["GET", `/api/hosts/${good}/accounts/${part}/lines?of=messages`],
        ["GET", `/api/hosts/${good}/queue?account=${part}`],
        ["GET", `/api/hosts/${good}/queue?senderPattern=${part}`],
        ["GET", `/api/hosts/${good}/messages/0123456789?instance=${part}`],
        ["GET", `/api/actions/${part}`],
        ["GET", `/api/plans/${part}`],
        ["POST", `/api/hosts/${good}/services/${part}`, { op: "stop" }],
        ["DELETE", `/api/hosts/${good}/archives/${part}`],
        ["POST", `/api/hosts/${good}/accounts/${part}/suspension`, { mode: "reject" }],
        ["POST", `/api/hosts/${good}/plans`, { action: "purge", filter: { account: text } }],
        ["POST", `/api/hosts/${good}/plans`, { action: "purge", filter: { ids: [text] } }],
        ["POST", `/api/hosts/${good}/plans`, { action: "purge", filter: { senderPattern: text.slice(0, 500) } }],
      ];
      const answers = await Promise.all(
        calls.map(async ([method, path, body]) => ({
          call: `${method} ${path}`.slice(0, 200),
          ...(await ask(method, path, body)),
        })),
      );
      for (const { call, status, code, message, text: said } of answers) {
        expect([call, status < 500], said.slice(0, 300)).toEqual([call, true]);
        if (status >= 400)
          expect([call, code, message]).toEqual([call, expect.any(String), expect.stringMatching(/.{10}/)]);
        else expect([call, /^GET/.test(call)], said.slice(0, 300)).toEqual([call, true]);
      }
    }
    expect(await marks()).toBe("");
    unharmed(look.hashes(look.files().keys()), before, "queued mail was touched by what a text says");
    expect(existsSync("/tmp/ran1")).toBe(false);
  }, 480_000);

  test("means what it says: an account is the one that was named, percent signs and all", async () => {
    for (const text of ["100%@example.com", "a%40b@example.com", "a /+b@example.com"]) {
      const { read } = await ask("GET", `/api/hosts/${good}/accounts/${encodeURIComponent(text)}`);
      expect(read).toMatchObject({ account: text, numbers: { messages: 0 } });
    }
    for (const path of ["%E0%A4%A", "%", "%zz"]) {
      const answer = await dashboard.call("GET", `/api/hosts/${good}/accounts/${path}`);
      expect([path, answer.status]).toEqual([path, 400]);
    }
  });
});

test("a host without Postfix says so, and what to do", async () => {
  await host.exec("for tool in postconf postqueue postsuper; do mount --bind /dev/null /usr/sbin/$tool; done");
  const { code, message } = await ask("GET", `/api/hosts/${good}/queue?fresh=1`);
  expect([code, message]).toEqual(["host_no_postfix", expect.stringMatching(/Install/)]);
  expect((await plan(good)).code).toBe("host_no_postfix");
  const { lines } = await dashboard.json<{ lines: { ok: boolean; mend: string | null }[] }>(
    "POST",
    `/api/hosts/${good}/check`,
  );
  expect(lines.filter(({ ok }) => !ok).map(({ mend }) => mend)).toContain("apt-get install postfix");
});
