import { createHash } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import * as act from "./act-verbs";
import { HostConnection } from "./connection";
import { type HostUnderTest, hostUnderTest } from "./host-under-test";
import { envelopes, type ItemRef, listQueue, subjects } from "./queue-verbs";
import { SmtpSession } from "./smtp-session";
import { request } from "./wire";

let host: HostUnderTest;
const total = 300;

beforeAll(async () => {
  host = await hostUnderTest("--name", "purge");
  const [alice, bob] = host.accounts;
  if (!alice || !bob) throw new Error("the mail host has no accounts");
  for (const [account, count] of [
    [alice, total],
    [bob, 3],
  ] as const) {
    const session = await SmtpSession.login(host.submissionPort, account);
    for (let n = 0; n < count; n++)
      await session.send(
        `forged${n}@spam${n % 7}.example`,
        `r${n}@dest.example`,
        // Neither a header nor the body can lend the mail another account.
        `Subject: offer ${n}\nX-A: b\n\nnamed_attribute: sasl_username=bob@example.com\n*** ENVELOPE RECORDS x ***\n`,
      );
    session.close();
  }
});
afterAll(() => host?.stop());

/** Name and hash of each queue file in these queues, by the test's own eyes. */
const files = (...queues: string[]) =>
  host
    .exec(`cd /var/spool/postfix && find ${queues.join(" ")} -type f | xargs -r sha256sum`)
    .trim()
    .split("\n")
    .filter(Boolean)
    .map((line) => `${line.slice(0, 64)} ${line.split("/").at(-1)}`)
    .sort();
const all = () => files("incoming", "active", "deferred", "hold");

async function refs(): Promise<ItemRef[]> {
  const items: ItemRef[] = [];
  const count = await listQueue(host.conn, (instance, json) => items.push({ instance, id: JSON.parse(json).queue_id }));
  expect(count).toBe(items.length);
  return items;
}
const ofAlice = async () =>
  (await envelopes(host.conn, await refs())).filter((one) => one.account === "alice@example.com");

test("the envelope tells the account, whatever the message says of itself", async () => {
  const seen = await envelopes(host.conn, await refs());
  expect(seen).toHaveLength(total + 3);
  expect(seen.filter((one) => one.account === "alice@example.com")).toHaveLength(total);
  expect(seen.filter((one) => one.account === "bob@example.com")).toHaveLength(3);
  expect(new Set(seen.map((one) => one.sender)).size).toBe(total);
  expect(seen.every((one) => one.clientAddress === "127.0.0.1" && one.left === 1 && one.done === 0)).toBe(true);
  const named = await subjects(host.conn, seen.slice(0, 20));
  expect(named.every((one) => /^offer \d+$/.test(one.subject ?? ""))).toBe(true);
});

test("a request cut at any byte does nothing", async () => {
  const items = (await ofAlice()).slice(0, 3);
  const whole = request(
    "hold",
    {},
    items.map(({ instance, id }) => ({ instance, id })),
  );
  for (let length = 0; length < whole.length; length++)
    expect(host.raw("hold", whole.subarray(0, length))).toMatch(/^e\t65\t0\t/);
  expect(files("hold")).toEqual([]);
});

test("hostile fields are refused by the script itself, with nothing done", () => {
  const before = all();
  for (const id of ["ALL", "-", "-d", "4ABC%0AALL", "..%2F..%2Fx", "%24(touch%20/tmp/pwned)", "4ABCDEF;id", "", "%"])
    for (const verb of ["hold", "requeue"]) {
      const body = `postfix\t${id}\n`;
      const sum = createHash("sha256").update(body).digest("hex");
      expect(host.raw(verb, Buffer.from(`sluice1 1 ${sum}\n${body}`))).toMatch(/^e\t65\t0\t/);
    }
  expect(all()).toEqual(before);
  expect(host.exec("ls /tmp")).not.toContain("pwned");
});

test("another host key: no command is sent", async () => {
  const other = new HostConnection({
    address: "127.0.0.1",
    port: host.sshPort,
    user: "root",
    privateKey: host.keyText,
    hostKey: "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl",
    lockedDown: false,
  });
  await expect(other.call("hold", {}, [])).rejects.toMatchObject({ code: "host_key_changed" });
  other.end();
});

test("hold, keep, drop, restore, release: exactly the account's mail, byte for byte, and repeating is harmless", async () => {
  const before = all();
  const items = await ofAlice();
  const ids = new Set(items.map((one) => one.id as string));
  const others = before.filter((line) => !ids.has(line.slice(65)));
  expect(others).toHaveLength(3);

  const outcomes = (rows: { outcome: string }[]) => [...new Set(rows.map((row) => row.outcome))];
  expect(outcomes(await act.hold(host.conn, items))).toEqual(["held"]);
  expect(outcomes(await act.hold(host.conn, items))).toEqual(["already"]);

  const kept = (await act.keep(host.conn, "act-1", "purge", items)).flatMap((row) =>
    row.outcome === "kept" ? [row] : [],
  );
  expect(kept).toHaveLength(total);
  expect(kept.map((row) => `${row.sha256} ${row.id}`).sort()).toEqual(before.filter((line) => ids.has(line.slice(65))));
  expect(kept.every((row) => row.account === "alice@example.com" && !row.locked)).toBe(true);
  expect(outcomes(await act.keep(host.conn, "act-1", "purge", items))).toEqual(["kept"]);

  // What is not as it was kept is not dropped.
  const wrong = kept.map((row) => ({ ...row, sha256: "0".repeat(64) }));
  expect(outcomes(await act.drop(host.conn, "act-1", wrong))).toEqual(["changed"]);
  expect(outcomes(await act.drop(host.conn, "act-2", kept))).toEqual(["unkept"]);
  expect(all()).toEqual(before);

  expect(outcomes(await act.drop(host.conn, "act-1", kept))).toEqual(["dropped"]);
  expect(all()).toEqual(others);
  // The journal knows what was done and what was only begun; without a word of it, somebody else took them.
  expect(outcomes(await act.drop(host.conn, "act-1", kept))).toEqual(["dropped"]);
  host.exec("cd /var/spool/postfix/sluice/act-1 && cp journal /tmp/whole && sed -i '/ dropped /d' journal");
  expect(outcomes(await act.drop(host.conn, "act-1", kept))).toEqual(["cut"]);
  host.exec("sed -i '/ drop /d' /var/spool/postfix/sluice/act-1/journal");
  expect(outcomes(await act.drop(host.conn, "act-1", kept))).toEqual(["gone"]);
  host.exec("cat /tmp/whole >/var/spool/postfix/sluice/act-1/journal");
  // The archive is now the messages' last name: unkeep does not touch it.
  expect(outcomes(await act.unkeep(host.conn, "act-1", kept))).toEqual(["gone"]);
  expect((await act.archives(host.conn)).map(({ action, messages }) => ({ action, messages }))).toEqual([
    { action: "act-1", messages: total },
  ]);
  expect(host.exec("stat -c '%a %U' /var/spool/postfix/sluice/act-1").trim()).toBe("700 root");

  // A name that another message has is not taken from it.
  const first = kept[0];
  if (!first) throw new Error("nothing was kept");
  host.exec(`echo other > /var/spool/postfix/hold/${first.id}`);
  expect(outcomes(await act.restore(host.conn, "act-1", [first]))).toEqual(["taken"]);
  expect(host.exec(`cat /var/spool/postfix/hold/${first.id}`)).toBe("other\n");
  host.exec(`rm /var/spool/postfix/hold/${first.id}`);

  expect(outcomes(await act.restore(host.conn, "act-1", kept))).toEqual(["restored"]);
  expect(all()).toEqual(before);
  expect(outcomes(await act.restore(host.conn, "act-1", kept))).toEqual(["already"]);
  expect(outcomes(await act.release(host.conn, items))).toEqual(["released"]);
  expect(files("hold")).toEqual([]);
  expect(all().map((line) => line.slice(65))).toEqual(expect.arrayContaining([...ids]));
});

test("a message that an agent has is not dropped", async () => {
  const [item] = await ofAlice();
  if (!item) throw new Error("no message");
  await act.hold(host.conn, [item]);
  host.exec(`flock -s /var/spool/postfix/hold/${item.id} sleep 30 >/dev/null 2>&1 & sleep 0.3`);
  const [kept] = await act.keep(host.conn, "act-3", "purge", [item]);
  if (kept?.outcome !== "kept") throw new Error("not kept");
  expect(kept.locked).toBe(true);
  expect(await act.drop(host.conn, "act-3", [kept])).toEqual([{ instance: "postfix", id: item.id, outcome: "locked" }]);
  expect(files("hold")).toHaveLength(1);
});

test("keep puts on hold itself what is not, also where hold is hashed; drop and restore find it there", async () => {
  const items = (await ofAlice()).slice(1, 40);
  const before = all();
  host.exec("postconf -e 'hash_queue_names = deferred, defer, hold' hash_queue_depth=2 && postfix reload");
  const put = async (action: string) =>
    (await act.keep(host.conn, action, "purge", items)).map((row) => (row.outcome === "kept" ? row.put : row.outcome));
  expect(new Set(await put("act-4"))).toEqual(new Set(["held"]));
  expect(new Set(await put("act-4"))).toEqual(new Set(["already"]));
  const deep = host.exec("find /var/spool/postfix/hold -mindepth 3 -type f").split("\n");
  for (const { id } of items) expect(deep).toContain(`/var/spool/postfix/hold/${id[0]}/${id[1]}/${id}`);
  const kept = (await act.keep(host.conn, "act-4", "purge", items)).flatMap((row) =>
    row.outcome === "kept" ? [row] : [],
  );
  const outcomes = (rows: { outcome: string }[]) => [...new Set(rows.map((row) => row.outcome))];
  expect(outcomes(await act.drop(host.conn, "act-4", kept))).toEqual(["dropped"]);
  expect(all()).toHaveLength(before.length - items.length);
  expect(outcomes(await act.keep(host.conn, "act-5", "purge", items))).toEqual(["gone"]);
  expect(outcomes(await act.restore(host.conn, "act-4", kept))).toEqual(["restored"]);
  expect(outcomes(await act.release(host.conn, items))).toEqual(["released"]);
  expect(all()).toEqual(before);
});
