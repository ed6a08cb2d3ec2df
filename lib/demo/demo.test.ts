import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Client } from "ssh2";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { HostConnection } from "../remote/connection";
import type { Item, VerbName } from "../remote/verbs";
import { DemoHost } from "./demo-host";
import { newKeys } from "./keys";
import { type DemoHosts, startDemoHosts } from "./main";
import { stolenAccount } from "./places";
import { serve } from "./ssh-server";

let folder: string;
let demo: DemoHosts;
let mx1: HostConnection;
const none = {} as never;
const connectionTo = (id: string) => {
  const found = demo.hosts.find((host) => host.id === id);
  if (!found) throw new Error(`no ${id}`);
  return new HostConnection({ ...found, privateKey: readFileSync(found.privateKey, "utf8") });
};
const call = <V extends VerbName>(verb: V, params: object = {}, items: object[] = []) =>
  mx1.call(verb, params as never, items as Item<V>[]);
async function listed(): Promise<{ queue_name: string; queue_id: string; sender: string }[]> {
  const found: { queue_name: string; queue_id: string; sender: string }[] = [];
  await mx1.stream("list", { instance: "" }, [], { json: (_, text) => void found.push(JSON.parse(text)) });
  return found;
}
const item = (id: string) => ({ instance: "postfix", id });
/** Deferred messages of the thief, far from their next attempt or not: those that an act must find again are held first. */
async function spam(count: number) {
  const all = (await listed()).filter(({ queue_name, sender }) => queue_name === "deferred" && sender !== "alice");
  const { rows } = await call(
    "envelopes",
    {},
    all.map(({ queue_id }) => item(queue_id)),
  );
  const found = rows.filter(({ account }) => account === stolenAccount).slice(0, count);
  if (found.length < count)
    throw new Error(`${found.length} of ${count} messages of the thief in ${all.length} deferred`);
  return found;
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "sluice-demo-"));
  demo = await startDemoHosts(folder);
  mx1 = connectionTo("mx1");
}, 60_000);
afterAll(async () => {
  mx1?.end();
  await demo?.stop();
  rmSync(folder, { recursive: true });
});

describe("the demo's mail host, by real SSH", () => {
  test("three hosts on loopback, with a key of this run", () => {
    expect(demo.hosts.map(({ id, address }) => `${id} ${address}`)).toEqual([
      "mx1 127.0.0.1",
      "mx2 127.0.0.1",
      "mx3 127.0.0.1",
    ]);
    if (process.platform !== "win32") expect(statSync(join(folder, "demo-key")).mode & 0o777).toBe(0o600);
  });

  test("counts agree with the list, and an attack's mail stands in it", async () => {
    await vi.waitFor(async () => {
      const counts = await call("counts");
      const list = await listed();
      expect(counts.rows.reduce((sum, { files }) => sum + Number(files), 0)).toBe(list.length);
    }, 20_000);
    expect((await spam(50)).length).toBe(50);
  });

  test("has days of log of at most 20 MB, in order, in the form of the real host's lines", async () => {
    const [file] = (await call("log-list")).rows;
    expect(Number(file?.size)).toBeLessThan(20 * 1024 * 1024);
    const { data, rows } = await call("log-read", {}, [
      { path: file?.path, inode: file?.inode, offset: "0", length: "0" },
    ]);
    const lines = Buffer.concat(data).toString().trimEnd().split("\n");
    expect(rows[0]).toMatchObject({ state: "ok" });
    expect(lines.length).toBeGreaterThan(10_000);
    const shapes = [
      /^[A-Z][a-z]{2} [ 0-9][0-9] [0-9:]{8} mx1 postfix\/submission\/smtpd\[\d+\]: [0-9A-F]+: client=\S+\[\S+\], sasl_method=PLAIN, sasl_username=\S+$/,
      /postfix\/qmgr\[157\]: [0-9A-F]+: from=<\S*>, size=\d+, nrcpt=\d+ \(queue active\)$/,
      /postfix\/smtp\[\d+\]: [0-9A-F]+: to=<\S+>, relay=\S+, delay=[0-9.]+, delays=\S+, dsn=[245]\.\d\.\d, status=(sent|deferred|bounced) \(.*\)$/,
      /NOQUEUE: reject: RCPT from unknown\[\S+\]: 550 5\.1\.2 <\S+>: Recipient address rejected: Domain not found; from=<\S+> to=<\S+> proto=ESMTP helo=<\S+>$/,
    ];
    for (const shape of shapes) expect(lines.some((line) => shape.test(line))).toBe(true);
    const days = new Set(lines.map((line) => line.slice(0, 6)));
    expect(days.size).toBeGreaterThanOrEqual(3);
  });

  test("a follower gets what comes, byte for byte", async () => {
    const [file] = (await call("log-list")).rows;
    const stop = new AbortController();
    const got: Buffer[] = [];
    const params = { path: file?.path ?? "", inode: file?.inode ?? "", offset: file?.size ?? "" };
    const following = mx1.stream(
      "log-follow",
      params,
      [],
      { data: (bytes) => void got.push(Buffer.from(bytes)) },
      { signal: stop.signal, deadline: 0 },
    );
    following.catch(() => {});
    await vi.waitFor(() => expect(Buffer.concat(got).length).toBeGreaterThan(200), { timeout: 15_000 });
    stop.abort();
    const followed = Buffer.concat(got);
    const read = await call("log-read", {}, [{ ...params, length: String(followed.length) }]);
    expect(Buffer.concat(read.data).equals(followed)).toBe(true);
  });

  test("a safe purge archives, deletes and can be brought back", async () => {
    const [one, two] = await spam(2);
    const items = [item(one?.id ?? ""), item(two?.id ?? "")];
    expect((await call("hold", {}, items)).rows.map(({ outcome }) => outcome)).toEqual(["held", "held"]);
    const kept = (await call("keep", { action: "a1", op: "purge" }, items)).rows;
    expect(kept[0]).toMatchObject({ outcome: "kept", account: stolenAccount, inode: one?.inode, size: one?.size });
    const wrong = { ...items[1], inode: kept[1]?.inode, sha256: "0".repeat(64) };
    const drop = (
      await call("drop", { action: "a1" }, [{ ...items[0], inode: kept[0]?.inode, sha256: kept[0]?.sha256 }, wrong])
    ).rows;
    expect(drop.map(({ outcome }) => outcome)).toEqual(["dropped", "changed"]);
    expect((await listed()).some(({ queue_id }) => queue_id === one?.id)).toBe(false);
    expect((await call("archives")).rows).toMatchObject([{ action: "a1", kind: "purge", messages: "2" }]);
    const back = (await call("restore", { action: "a1" }, [{ ...items[0], sha256: kept[0]?.sha256 }])).rows;
    expect(back[0]?.outcome).toBe("restored");
    expect((await call("look", {}, items)).rows[0]).toMatchObject({ queue: "hold", inode: one?.inode });
    expect((await call("unkeep", { action: "a1" }, [items[1] ?? none])).rows[0]?.outcome).toBe("unkept");
    expect((await call("archive-delete", { action: "a1" })).rows[0]).toMatchObject({ messages: "0" });
  });

  test("suspending refuses what comes next, and holding lets it in on hold", async () => {
    const newest = async () => {
      const [file] = (await call("log-list")).rows;
      const offset = String(Math.max(0, Number(file?.size) - 20_000));
      const { data } = await call("log-read", {}, [{ path: file?.path, inode: file?.inode, offset, length: "0" }]);
      return Buffer.concat(data).toString();
    };
    expect(
      (await call("access-set", { instance: "" }, [{ account: stolenAccount, verdict: "REJECT" }])).rows[0],
    ).toMatchObject({ outcome: "set", mapType: "lmdb" });
    await vi.waitFor(
      async () =>
        expect(await newest()).toContain(`554 5.7.1 <${stolenAccount}>: SASL login name rejected: Access denied`),
      { timeout: 15_000 },
    );
    await call("access-set", { instance: "" }, [{ account: stolenAccount, verdict: "HOLD" }]);
    await vi.waitFor(async () => expect(await newest()).toContain("SASL login name triggers HOLD action"), {
      timeout: 15_000,
    });
    expect((await call("access-list", { instance: "" })).rows).toEqual([
      { instance: "postfix", account: stolenAccount, verdict: "HOLD" },
    ]);
    await call("access-set", { instance: "" }, [{ account: stolenAccount, verdict: "-" }]);
    expect((await call("access-list", { instance: "" })).rows).toEqual([]);
  });

  test("brakes and services do what they say, and are undone exactly", async () => {
    expect((await call("brake", { brake: "hold-queue", op: "on" })).rows[0]?.outcome).toBe("on");
    expect(new Set((await listed()).map(({ queue_name }) => queue_name))).toEqual(new Set(["hold"]));
    const off = (await call("brake", { brake: "hold-queue", op: "off" })).rows;
    expect(off[0]?.outcome).toBe("off");
    await call(
      "release",
      {},
      off.slice(1).map(({ id }) => item(id)),
    );
    expect((await call("brakes")).rows).toEqual([]);
    expect((await call("service", { service: "postfix", op: "stop" })).rows[0]?.running).toBe("0");
    expect((await call("services")).rows.map(({ running }) => running)).toEqual(["0", "1"]);
    expect((await call("service", { service: "postfix", op: "start" })).rows[0]?.running).toBe("1");
    await expect(call("service", { service: "sshd", op: "stop" })).rejects.toMatchObject({ code: "not_found" });
  });

  test("a host whose connection is dropped is reached again", async () => {
    const keys = newKeys("stranger");
    const server = await serve(new DemoHost("mx9", 1), keys.private, keys.public);
    const target = { address: "127.0.0.1", port: server.port, user: "root", privateKey: keys.private };
    const mx9 = new HostConnection({ ...target, hostKey: keys.public.trim(), lockedDown: true });
    expect((await mx9.call("counts", none)).rows.length).toBe(6);
    const lost = new Promise<void>((resolve) => void mx9.onChange(() => mx9.state !== "ok" && resolve()));
    server.dropAll();
    await lost;
    await vi.waitFor(async () => expect((await mx9.call("counts", none)).rows.length).toBe(6), { timeout: 15_000 });
    mx9.end();
    await server.stop();
  });

  test("there is no shell, no other login, and no other key", async () => {
    const entry = demo.hosts[0];
    const run = (command: string, username = "root") =>
      new Promise<string>((resolve) => {
        const client = new Client();
        client.on("error", (error) => resolve(`error ${error.level}`));
        client.on("ready", () =>
          client.exec(command, (error, channel) => {
            if (error) return resolve("no channel");
            let said = "";
            channel.on("data", (part: Buffer) => {
              said += part;
            });
            channel.on("close", () => {
              client.end();
              resolve(said);
            });
            channel.end();
          }),
        );
        client.connect({
          host: "127.0.0.1",
          port: entry?.port ?? 0,
          username,
          privateKey: readFileSync(entry?.privateKey ?? ""),
        });
      });
    expect(await run("cat /etc/passwd")).toBe("e\t64\t0\tonly%20Sluice's%20verbs%20are%20taken%20here\n");
    expect(await run("sluice counts; id")).toMatch(/^e\t64\t/);
    expect(await run("sluice nothing")).toBe("e\t64\t0\tno%20such%20verb\n");
    expect(await run("sluice counts")).toBe("e\t65\t0\tthe%20request%20has%20no%20first%20line\n");
    expect(await run("sluice counts", "admin")).toBe("error client-authentication");
  });
});
