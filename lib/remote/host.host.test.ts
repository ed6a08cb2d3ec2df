import { afterAll, beforeAll, expect, test } from "vitest";
import { hold } from "./act-verbs";
import { HostConnection } from "./connection";
import { type HostUnderTest, hostUnderTest } from "./host-under-test";
import { brakes, probe, services, setBrake, setService } from "./host-verbs";
import { counts, listQueue } from "./queue-verbs";
import { SmtpSession } from "./smtp-session";
import { scanHostKey } from "./ssh";

let host: HostUnderTest;
beforeAll(async () => {
  host = await hostUnderTest("--name", "whole", "--instances", "2", "--long-ids");
});
afterAll(() => host?.stop());

const send = async () => {
  const [alice] = host.accounts;
  if (!alice) throw new Error("the mail host has no accounts");
  const session = await SmtpSession.login(host.submissionPort, alice);
  const said = await session.send("a@example.com", "b@dest.example", "Subject: x\n\ny\n");
  session.close();
  return said;
};
const queued = (queue: string) => host.exec(`find /var/spool/postfix/${queue} -type f | wc -l`).trim();

test("the key is seen without a login, and is the pinned one", async () => {
  expect((await scanHostKey("127.0.0.1", host.sshPort)).hostKey).toBe(host.hostKey);
});

test("probe and counts know both instances, as root and by sudo -n", async () => {
  for (const user of ["root", "sluice"]) {
    const conn = new HostConnection({ ...host.conn.target, user });
    const seen = await probe(conn);
    expect(seen.instances.map(({ name, running, longIds }) => ({ name, running, longIds }))).toEqual([
      { name: "postfix", running: true, longIds: true },
      { name: "postfix-out", running: true, longIds: expect.any(Boolean) },
    ]);
    expect(Math.abs(seen.skew)).toBeLessThan(5000);
    expect([...(await counts(conn)).keys()]).toEqual(["postfix", "postfix-out"]);
    conn.end();
  }
});

test("the same id in two instances: only the one that is named is touched", async () => {
  await send();
  const ids: string[] = [];
  await listQueue(host.conn, (_, json) => ids.push(JSON.parse(json).queue_id), { instance: "postfix" });
  const id = ids[0] ?? "";
  host.exec(
    `f=$(find /var/spool/postfix/deferred /var/spool/postfix/active -name ${id}); mkdir -p /var/spool/postfix-out/deferred/$(basename $(dirname $f)); cp -p $f /var/spool/postfix-out/deferred/$(basename $(dirname $f))/${id}`,
  );
  expect(await hold(host.conn, [{ instance: "postfix", id }])).toEqual([
    { instance: "postfix", id, outcome: "held", queue: "hold" },
  ]);
  expect(host.exec(`find /var/spool/postfix-out -name ${id}`)).toContain("/deferred/");
  await expect(hold(host.conn, [{ instance: "nobody", id }])).rejects.toMatchObject({ code: "host_refused" });
  host.exec(`find /var/spool/postfix-out -name ${id} -delete`);
});

test("brakes: on does what it says, off puts main.cf back as it was", async () => {
  const config = () => host.exec("postconf -n; postconf -c /etc/postfix-out -n");
  const before = config();
  await setBrake(host.conn, "hold-queue", "on");
  expect((await brakes(host.conn)).map((one) => one.brake)).toEqual(["hold-queue", "hold-queue"]);
  const held = Number(queued("hold"));
  expect(await send()).toMatch(/^250/);
  expect(Number(queued("hold"))).toBe(held + 1);
  expect((await setBrake(host.conn, "hold-queue", "on")).outcomes.map((one) => one.outcome)).toEqual([
    "already",
    "already",
  ]);
  expect((await setBrake(host.conn, "hold-queue", "off")).held).toHaveLength(1);

  await setBrake(host.conn, "stop-in", "on");
  await expect(send()).rejects.toThrow();
  await setBrake(host.conn, "stop-in", "off");
  expect(await send()).toMatch(/^250/);

  await setBrake(host.conn, "stop-out", "on");
  expect(host.exec("postconf -h defer_transports")).toContain("smtp");
  await setBrake(host.conn, "stop-out", "off");
  expect(config()).toBe(before);
});

test("services are stopped and started, and the answer is what is seen", async () => {
  expect(await setService(host.conn, "postfix", "stop")).toMatchObject({ service: "postfix", running: false });
  expect((await services(host.conn)).map(({ service, running }) => `${service} ${running}`)).toEqual([
    "postfix false",
    "postfix-out true",
    "dovecot true",
  ]);
  // The queue is still listed: postqueue reads it itself where Postfix is stopped.
  expect(await listQueue(host.conn, () => {}, { instance: "postfix" })).toBeGreaterThan(0);
  expect(await setService(host.conn, "postfix", "start")).toMatchObject({ running: true });
  expect(await setService(host.conn, "dovecot", "stop")).toMatchObject({ running: false });
  expect(await setService(host.conn, "dovecot", "start")).toMatchObject({ running: true });
  // What was started does not hold the lock of the acting verbs.
  expect(await hold(host.conn, [{ instance: "postfix", id: "ABCDEF" }])).toMatchObject([{ outcome: "gone" }]);
});
