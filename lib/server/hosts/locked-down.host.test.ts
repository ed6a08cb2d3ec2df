import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { installCommand } from "../../../components/hosts/install-command";
import { listAccess, setAccess, setUpAccess } from "../../remote/access-verbs";
import * as act from "../../remote/act-verbs";
import { HostConnection } from "../../remote/connection";
import { type HostUnderTest, hostUnderTest } from "../../remote/host-under-test";
import { probe } from "../../remote/host-verbs";
import { followLog, listLogs } from "../../remote/log-verbs";
import { envelopes, type ItemRef, listQueue } from "../../remote/queue-verbs";
import { SmtpSession } from "../../remote/smtp-session";
import { publicKeyOf } from "../../remote/ssh";
import { verbs } from "../../remote/verbs";
import { lockDownCommands } from "./lock-down";

let host: HostUnderTest & { dir: string; clientKeyPath: string };
beforeAll(async () => {
  host = (await hostUnderTest("--name", "locked")) as typeof host;
  // sluice.sh is brought to root's folder, as by scp.
  writeFileSync(join(host.dir, "root/sluice.sh"), readFileSync("lib/remote/host.sh"));
});
afterAll(() => host?.stop());

describe.each(["root", "sluice"])("the key of %s, locked down by the check's own commands", (user) => {
  let conn: HostConnection;
  const ssh = (args: string[], input = "") =>
    spawnSync(
      "ssh",
      ["-F", "none", "-i", host.clientKeyPath, "-p", String(host.sshPort), "-o", "BatchMode=yes"]
        .concat(["-o", "StrictHostKeyChecking=no", "-o", "UserKnownHostsFile=/dev/null", "-o", "LogLevel=ERROR"])
        .concat(args),
      { input, encoding: "utf8", timeout: 30_000 },
    );
  const at = `${user}@127.0.0.1`;

  beforeAll(async () => {
    const key = publicKeyOf(host.keyText) ?? "";
    conn = new HostConnection({ ...host.conn.target, user });
    // As an admin does it: the login's own file by the command of the add dialog, then the check's commands as root.
    host.exec(`rm -f /etc/ssh/authorized_keys/${user}; su ${user} -c "${installCommand(`${key} sluice-1`)}"`);
    if (user !== "root") host.exec(`printf 'ssh-ed25519 AAAAother someone\\n' >> ~${user}/.ssh/authorized_keys`);
    expect(ssh([at, "echo a shell"]).stdout).toBe("a shell\n");
    expect(await conn.refusesCommands()).toBe(false);
    for (let twice = 0; twice < 2; twice++)
      host.exec(`cd /root && ${lockDownCommands(user, key).replaceAll("\n", " && ")}`);
    conn.end();
    conn = new HostConnection({ ...host.conn.target, user });
  });
  afterAll(() => conn?.end());

  test("no shell, no copy, no terminal, no forwarding; other keys stay as they were", async () => {
    for (const args of [
      [at],
      [at, "id"],
      [at, "sluice probe; id"],
      [at, "sluice", "$(id)"],
      [at, "scp", "-f", "/etc/shadow"],
    ]) {
      const said = ssh(args, "id\n");
      expect(said.stdout).toMatch(/^e\t64\t0\t/);
      expect(said.stdout + said.stderr).not.toContain("uid=");
    }
    expect(ssh(["-tt", at, "sh"], "id\n").stdout).toBe("");
    expect(ssh(["-W", `127.0.0.1:${host.submissionPort}`, at]).stdout).not.toContain("220 ");
    expect(await conn.refusesCommands()).toBe(true);
    const file = host.exec(`cat ~${user}/.ssh/authorized_keys`);
    expect(file.match(/restrict,command="\/usr\/local\/sbin\/sluice" ssh-ed25519 \S+ sluice-1\n/g)).toHaveLength(1);
    if (user !== "root") {
      expect(file).toContain("\nssh-ed25519 AAAAother someone\n");
      expect(host.exec(`su ${user} -c 'sudo -n id' 2>&1 || true`)).not.toContain("uid=");
    }
  });

  test("every verb of the table, and no other", () => {
    // One login for all of them.
    const shared = ["-o", "ControlMaster=auto", "-o", `ControlPath=${host.dir}/ssh-%r`, "-o", "ControlPersist=2"];
    const say = (verb: string) => ssh([...shared, at, "sluice", verb], "x\n").stdout;
    // A request that is refused for what it says was taken as a verb, with root's rights.
    for (const verb of Object.keys(verbs)) expect(say(verb), verb).toMatch(/^e\t65\t0\t/);
    for (const verb of ["sh", "probes", "prob.", "-c", ""]) expect(say(verb), verb).toMatch(/^e\t64\t0\t/);
  });

  test("a connection that does not know notices by itself, and reads, purges, restores and suspends", async () => {
    const [alice, bob] = host.accounts;
    if (!alice || !bob) throw new Error("the mail host has no accounts");
    for (const [account, count] of [
      [alice, 3],
      [bob, 1],
    ] as const) {
      const session = await SmtpSession.login(host.submissionPort, account);
      for (let n = 0; n < count; n++)
        await session.send("x@spam.example", "to@dest.example", `Subject: ${user} ${n}\n\nx\n`);
      session.close();
    }
    expect((await probe(conn)).user).toBe(user);
    const listed: ItemRef[] = [];
    await listQueue(conn, (instance, json) => listed.push({ instance, id: JSON.parse(json).queue_id }));
    const seen = await envelopes(conn, listed);
    const items = seen.filter((one) => one.account === alice.login).map(({ instance, id }) => ({ instance, id }));
    expect(items).toHaveLength(3);
    await act.hold(conn, items);
    const kept = (await act.keep(conn, `lock-${user}`, "purge", items)).flatMap((row) =>
      row.outcome === "kept" ? [row] : [],
    );
    expect((await act.drop(conn, `lock-${user}`, kept)).map((row) => row.outcome)).toEqual(Array(3).fill("dropped"));
    expect(Number(host.exec("find /var/spool/postfix/hold -type f | wc -l"))).toBe(0);
    expect((await act.restore(conn, `lock-${user}`, kept)).map((row) => row.outcome)).toEqual(
      Array(3).fill("restored"),
    );
    host.exec("postsuper -d ALL >/dev/null 2>&1");

    await setUpAccess(conn, "apply");
    await setAccess(conn, [{ account: alice.login, verdict: "REJECT" }]);
    expect(await listAccess(conn)).toMatchObject([{ account: alice.login, verdict: "REJECT" }]);
    const refused = await SmtpSession.login(host.submissionPort, alice);
    expect(await refused.send("x@spam.example", "to@dest.example", "Subject: x\n\nx\n")).toMatch(/^554/);
    refused.close();
    await setAccess(conn, [{ account: alice.login, verdict: "-" }]);
    await setUpAccess(conn, "undo");

    const [log] = await listLogs(conn);
    if (!log) throw new Error("no log was found");
    const end = new AbortController();
    const followed = followLog(
      conn,
      { path: log.path, inode: log.inode, offset: 0 },
      { data: () => end.abort(), event: () => {} },
      { signal: end.signal },
    );
    await expect(followed).rejects.toMatchObject({ detail: "aborted" });
  });
});
