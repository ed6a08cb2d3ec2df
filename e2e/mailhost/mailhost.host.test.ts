import { existsSync, readdirSync, readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { until } from "../until";
import { type MailHost, startMailHost } from "./host";
import { oracle } from "./oracle";
import { attack, honest, login } from "./traffic";
import { trouble } from "./trouble";

describe("a mail host", () => {
  let host: MailHost;
  beforeAll(async () => {
    host = await startMailHost({ name: "hosttest", relay: "closed" });
  });
  afterAll(() => host?.stop());

  it("queues and defers exactly what was sent, and log, queue and files agree", async () => {
    const look = oracle(host);
    const bad = await attack(host, { messages: 50, senders: 30, clients: 20, recipientRejects: 3, failedLogins: 2 });
    const good = await honest(host, { messages: 9 });
    await look.settled(59);
    const queue = await look.queue();
    expect([...queue.keys()].sort()).toEqual([...bad, ...good].map(({ id }) => id).sort());
    expect([...look.files().keys()].sort()).toEqual([...queue.keys()].sort());
    expect(new Set(bad.map(({ sender }) => sender)).size).toBe(30);
    // A log line is written by another process than the one that answers the client, and may come after the answer.
    await until(
      async () => [
        await look.logged("stolen@example.com"),
        await look.logged("alice@example.com"),
        await look.lines("NOQUEUE: reject: RCPT"),
        await look.lines("SASL PLAIN authentication failed"),
      ],
      (counts) => counts.join() === "50,3,3,2",
    );
    expect(await look.account(bad[7]?.id ?? "")).toBe("stolen@example.com");
  });

  it("delivers once the relay answers", async () => {
    const look = oracle(host);
    await host.relay("sink");
    await flushed(host);
    await until(
      () => look.delivered().flatMap(({ recipients }) => recipients).length,
      (count) => count >= 50 * 2 + 9,
    );
    const delivered = look.delivered().flatMap(({ recipients }) => recipients);
    expect(delivered.length).toBe(50 * 2 + 9);
    expect(new Set(delivered).size).toBe(delivered.length);
    await host.relay("closed");
  });

  it("keeps a session open across commands and shows its client's address in the log", async () => {
    const session = await login(host, "bob@example.com", "198.51.100.77");
    expect((await session.message("bob@example.com", ["x@example.org"], "Subject: hi\n\nhi\n")).code).toBe(250);
    await session.quit();
    await until(
      () => oracle(host).lines("client=unknown[198.51.100.77], sasl_method=PLAIN, sasl_username=bob@example.com"),
      (lines) => lines === 1,
    );
  });

  it("goes on logging in a new file after a rotation", async () => {
    await trouble.rotate(host);
    await honest(host, { messages: 3 });
    await until(
      () => oracle(host).logged("alice@example.com"),
      (lines) => lines === 1,
    );
  });
});

it("hosts run side by side with their own queue, log shape and ids, and end without a trace", async () => {
  const machineConfig = existsSync("/etc/postfix/main.cf") ? readFileSync("/etc/postfix/main.cf", "utf8") : null;
  const hosts = await Promise.all([
    startMailHost({ name: "one", log: "rfc3339", longIds: true }),
    startMailHost({ name: "two", instances: 2, map: "hash" }),
  ]);
  const [one, two] = hosts as [MailHost, MailHost];
  const sent = await honest(one, { messages: 3 });
  expect(sent.every(({ id }) => /^[0-9BCDFGHJKLMNPQRSTVWXYZbcdfghjklmnpqrstvwxyz]{12,}$/.test(id))).toBe(true);
  expect((await oracle(two).queue()).size).toBe(0);
  await until(
    () => one.exec("head -1 /var/log/mail.log"),
    (line) => /^\d{4}-\d\d-\d\dT\S+ one postfix/.test(line),
  );
  expect(await two.exec("postmulti -l")).toMatch(/postfix-out\s+-\s+y\s+\/etc\/postfix-out/);
  expect(await two.exec("postconf -m")).not.toContain("lmdb");
  await oracle(one).settled(3);
  await one.relay("sink");
  await flushed(one);
  await until(
    () => oracle(one).delivered().length,
    (count) => count === 3,
  );
  await Promise.all(hosts.map((host) => host.stop()));
  for (const host of hosts) {
    expect(existsSync(host.dir)).toBe(false);
    expect(existsSync(`/proc/${host.namespacePid}`)).toBe(false);
  }
  expect(readFileSync("/proc/self/mountinfo", "utf8")).not.toContain("mailhost-one");
  const commands = readdirSync("/proc")
    .filter((entry) => /^\d+$/.test(entry))
    .map(commandOf);
  expect(commands.filter((command) => command.includes(one.dir) || command.includes(two.dir))).toEqual([]);
  expect(existsSync("/etc/postfix/main.cf") ? readFileSync("/etc/postfix/main.cf", "utf8") : null).toBe(machineConfig);
}, 400_000);

/** A flush passes by what is still being tried, so it is asked for until nothing is left. */
async function flushed(host: MailHost): Promise<void> {
  const left = async () => {
    await trouble.flush(host);
    return oracle(host).files().size;
  };
  await until(left, (count) => count === 0);
  await oracle(host).settled(0);
}

/** Empty where the process ended between the listing and the look. */
function commandOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8");
  } catch {
    return "";
  }
}

it("a relay that a host began with can be closed", async () => {
  const host = await startMailHost({ name: "began", relay: "sink" });
  try {
    await host.relay("closed");
    await honest(host, { messages: 2 });
    await oracle(host).settled(2);
    expect(oracle(host).delivered()).toEqual([]);
  } finally {
    await host.stop();
  }
});
