import { readFileSync } from "node:fs";
import { connect } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type MailHost, startMailHost } from "../../e2e/mailhost/host";
import { freePorts } from "../../e2e/mailhost/ports";
import { failedLogin, login } from "../../e2e/mailhost/traffic";
import { setAccess, setUpAccess } from "../remote/access-verbs";
import { hold, release, requeue } from "../remote/act-verbs";
import { HostConnection } from "../remote/connection";
import { setBrake, setService } from "../remote/host-verbs";
import { DemoHost } from "./demo-host";
import { hashOf } from "./demo-message";
import { shapesOf } from "./line-shapes";
import { stolenAccount } from "./places";
import { Answer } from "./request";
import {
  accessSet,
  brake,
  drop as demoDrop,
  hold as demoHold,
  keep as demoKeep,
  release as demoRelease,
  requeue as demoRequeue,
  service,
} from "./verbs-act";
import type { Verb } from "./verbs-read";
import { begin } from "./world";

/**
 * Every kind of line that the demo's log has is one that the real mail host writes, when the same is done to it: what
 * happens here on the one is what the demo plays.
 */
let real: MailHost;
let conn: HostConnection;
beforeAll(async () => {
  real = await startMailHost({ name: "mx1", log: "syslog", relay: "sink" });
  const key = readFileSync(real.clientKeyPath, "utf8");
  conn = new HostConnection({
    ...{ address: "127.0.0.1", port: real.sshPort, user: "root", lockedDown: false },
    ...{ privateKey: key, hostKey: real.hostKey },
  });
  // Beside the relay that takes all: one that refuses for good, one for now (smtp-sink(1)), and nobody.
  const [hard, soft, none] = await freePorts(3);
  await real.exec(`
    smtp-sink -u postfix -f rcpt 127.0.0.1:${hard} 50 >/dev/null 2>&1 &
    smtp-sink -u postfix -r rcpt 127.0.0.1:${soft} 50 >/dev/null 2>&1 &
    postconf -e 'transport_maps=inline:{ {hard.example=smtp:[127.0.0.1]:${hard}}, {soft.example=smtp:[127.0.0.1]:${soft}}, {none.example=smtp:[127.0.0.1]:${none}} }'`);
  await setUpAccess(conn, "apply");
}, 60_000);
afterAll(async () => {
  conn?.end();
  await real?.stop();
});

const stolen = "stolen@example.com";
async function send(domain = "example.org"): Promise<string> {
  const smtp = await login(real, stolen, "203.0.113.7");
  const reply = await smtp.message("x@forged.example", [`a@${domain}`], "From: <x@forged.example>\nSubject: s\n\nb\n");
  await smtp.quit();
  return /queued as (\S+)/.exec(reply.text)?.[1] ?? "";
}

async function imap(password: string): Promise<void> {
  if (real.imapPort === null) throw new Error("dovecot-imapd is missing on the mail host");
  const socket = connect({ host: "127.0.0.1", port: real.imapPort });
  await new Promise<void>((resolve, reject) => {
    socket.once("error", reject).once("close", () => resolve());
    socket.on("data", (bytes) => {
      if (String(bytes).startsWith("* OK")) socket.write(`a LOGIN alice@example.com ${password}\r\nb LOGOUT\r\n`);
    });
  });
}

const log = () => real.exec(`cat ${real.logPath}`);
const logged = (text: string | RegExp) => expect.poll(log, { timeout: 20_000 }).toMatch(text);

test("each line of the demo's log is of a shape that the real host writes", async () => {
  await failedLogin(real, stolen, "203.0.113.9");
  await imap("alice-secret");
  await imap("wrong");
  await send();
  await logged(/status=sent/);
  await send("hard.example");
  await logged(/sender non-delivery notification/);
  await send("soft.example");
  await logged(/status=deferred \(host/);
  const waits = await send("none.example");
  await logged(new RegExp(`${waits}: .*status=deferred \\(connect to`));
  const smtp = await login(real, stolen, "203.0.113.8");
  await smtp.message("x@forged.example", ["y@nosuchdomain.example"], "");
  await smtp.quit();
  const item = [{ instance: "postfix", id: waits }];
  await hold(conn, item);
  await release(conn, item);
  await requeue(conn, item);
  // Pickup looks once a minute, and when something is handed in on the host (postdrop(1)).
  await real.exec("printf 'Subject: s\\n\\nb\\n' | sendmail a@example.org");
  await logged(/orig_id=/);
  for (const verdict of ["REJECT", "HOLD", "-"] as const) {
    await setAccess(conn, [{ account: stolen, verdict }]);
    await send();
  }
  await setBrake(conn, "hold-queue", "on");
  await send();
  await logged(/hold: header/);
  await setBrake(conn, "hold-queue", "off");
  await setBrake(conn, "stop-out", "on");
  await send();
  await logged(/deferred transport/);
  await setBrake(conn, "stop-out", "off");
  await setService(conn, "postfix", "stop");
  await setService(conn, "postfix", "start");
  const gone = await send("none.example");
  await logged(new RegExp(`${gone}: .*status=deferred`));
  const purged = [{ instance: "postfix", id: gone }];
  await hold(conn, purged);
  const { rows } = await conn.call("keep", { action: "a1", op: "purge" }, purged);
  const kept = rows.map(({ instance, id, inode, sha256 }) => ({ instance, id, inode, sha256 }));
  await conn.call("drop", { action: "a1" }, kept);
  await logged(/sluice\[\d+\]: .*removed/);
  const shapes = new Set(shapesOf(await log()));
  if (process.env.SLUICE_RECORD) console.log([...shapes].join("\n"));
  const demo = shapesOf(await demoLog());
  expect(demo.length).toBeGreaterThan(25);
  expect(demo.filter((shape) => !shapes.has(shape))).toEqual([]);
});

/** A day of the demo's story, then what an admin does to it. */
async function demoLog(): Promise<string> {
  const host = new DemoHost("mx1", 5);
  const now = Date.now();
  begin(host, { historyDays: 1, attack: true, busy: 1 }, now - 600_000);
  host.agenda.playUntil(now - 300_000);
  let at = now - 300_000;
  const done = (verb: Verb, params: Record<string, string>, items: Record<string, string>[]) => {
    verb(host, { params, items }, new Answer(() => {}), at);
    at += 15_000;
    host.agenda.playUntil(at);
  };
  const waiting = [...host.queue.values()].filter(({ queue }) => queue === "deferred").slice(0, 3);
  const item = waiting.map(({ id }) => ({ instance: "postfix", id }));
  done(demoHold, {}, item);
  done(demoRelease, {}, item);
  done(demoRequeue, {}, item);
  for (const verdict of ["REJECT", "HOLD", "-"]) done(accessSet, {}, [{ account: stolenAccount, verdict }]);
  for (const kind of ["hold-queue", "stop-out"]) for (const op of ["on", "off"]) done(brake, { brake: kind, op }, []);
  const last = [...host.queue.values()].filter(({ queue }) => queue === "deferred").slice(-1);
  const purged = last.map((one) => ({
    instance: "postfix",
    id: one.id,
    inode: String(one.inode),
    sha256: hashOf(one),
  }));
  done(demoHold, {}, purged);
  done(demoKeep, { action: "a1", op: "purge" }, purged);
  done(demoDrop, { action: "a1" }, purged);
  for (const op of ["stop", "start"]) done(service, { service: "postfix", op }, []);
  const files = host.log.files();
  return files.map(({ inode }) => host.log.byInode(inode)?.read(0, 0).toString() ?? "").join("");
}
