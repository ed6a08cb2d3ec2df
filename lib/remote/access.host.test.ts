import { afterAll, beforeAll, expect, test } from "vitest";
import { listAccess, lookAtAccess, setAccess, setUpAccess } from "./access-verbs";
import { type HostUnderTest, hostUnderTest } from "./host-under-test";
import { SmtpSession } from "./smtp-session";

let host: HostUnderTest;
beforeAll(async () => {
  host = await hostUnderTest("--name", "access", "--override", "--account", "Alice@example.com:big-secret");
});
afterAll(() => host?.stop());

test("the set-up is shown before it runs, asks in every service, and is undone to what was there", async () => {
  const config = () => host.exec("postconf -n; postconf -P");
  const before = config();
  const preview = await setUpAccess(host.conn, "preview");
  expect(config()).toBe(before);
  expect(await setUpAccess(host.conn, "apply")).toEqual(preview);
  const services = (await lookAtAccess(host.conn)).filter((one) => one.logins);
  expect(services.length).toBeGreaterThan(0);
  expect(services.every((one) => one.asks && one.ready && one.mapType === "lmdb")).toBe(true);
  expect(await setUpAccess(host.conn, "apply")).toEqual([]);
  await setUpAccess(host.conn, "undo");
  expect(config()).toBe(before);
  await setUpAccess(host.conn, "apply");
});

test("another case is another login: Alice suspended, alice not, and the other way round, with the table asked as it is", async () => {
  const table = () => host.exec("postconf -h smtpd_sender_restrictions").trim().split(/,? /)[1];
  const found = (login: string) => host.exec(`postmap -q '${login}' '${table()}' || true`).trim();
  const spelled = ["alice@example.com", "Alice@example.com", "aLiCe@Example.com", "ALICE@EXAMPLE.COM"];
  const long = `${"LONG".repeat(20)}@example.com`;
  for (const account of [...spelled, long]) {
    await setAccess(host.conn, [{ account, verdict: "REJECT" }]);
    expect([...spelled, long].filter((one) => found(one) === "REJECT")).toEqual([account]);
    expect(await listAccess(host.conn)).toEqual([{ instance: "postfix", account, verdict: "REJECT" }]);
    expect(await setAccess(host.conn, [{ account, verdict: "-" }])).toMatchObject([{ outcome: "set" }]);
    expect(await listAccess(host.conn)).toEqual([]);
  }
});

test("a table that was asked plainly goes on working, folded, and the set-up makes it exact and keeps what is in it", async () => {
  const [alice] = host.accounts;
  if (!alice) throw new Error("the mail host has no accounts");
  host.exec(
    "postconf -e 'smtpd_sender_restrictions=check_sasl_access lmdb:/etc/postfix/sluice_access' && postfix reload",
  );
  const shouted = alice.login.toUpperCase();
  await setAccess(host.conn, [{ account: shouted, verdict: "REJECT" }]);
  const main = (await lookAtAccess(host.conn)).find((one) => !one.override);
  expect(main).toMatchObject({ asks: true, exact: false });
  expect(host.exec(`postmap -q '${alice.login}' lmdb:/etc/postfix/sluice_access`).trim()).toBe("REJECT");
  expect((await setUpAccess(host.conn, "apply")).length).toBeGreaterThan(0);
  expect((await lookAtAccess(host.conn)).every((one) => one.asks && one.ready && one.exact)).toBe(true);
  expect(host.exec(`postmap -q '${alice.login}' lmdb:/etc/postfix/sluice_access || true`)).toBe("");
  expect(await listAccess(host.conn)).toMatchObject([{ account: shouted, verdict: "REJECT" }]);
  await setAccess(host.conn, [{ account: shouted, verdict: "-" }]);
});

test("in a session that is open: accepted, refused, held, accepted; another account never", async () => {
  const [alice, bob] = host.accounts;
  if (!alice || !bob) throw new Error("the mail host has no accounts");
  const open = await SmtpSession.login(host.submissionPort, alice);
  const other = await SmtpSession.login(host.submissionPort, bob);
  const send = (session: SmtpSession) => session.send("any@where.example", "to@dest.example", "Subject: x\n\ny\n");
  const held = () => host.exec("ls /var/spool/postfix/hold").trim().split("\n").filter(Boolean).length;
  expect(await send(open)).toMatch(/^250/);
  const set = (verdict: "REJECT" | "HOLD" | "-") => setAccess(host.conn, [{ account: alice.login, verdict }]);

  expect(await set("REJECT")).toEqual([{ instance: "postfix", account: alice.login, outcome: "set", mapType: "lmdb" }]);
  expect(await send(open)).toMatch(/^554 5\.7\.1/);
  expect(await send(other)).toMatch(/^250/);

  await set("HOLD");
  expect(await send(open)).toMatch(/^250/);
  expect(await send(other)).toMatch(/^250/);
  expect(held()).toBe(1);

  await set("-");
  expect(await send(open)).toMatch(/^250/);
  expect(held()).toBe(1);
  expect(await set("-")).toMatchObject([{ outcome: "same" }]);
  open.close();
  other.close();
});

test("in sessions that are open: Alice refused and alice not, then the other way round", async () => {
  const logins = ["alice@example.com", "Alice@example.com"] as const;
  const [small, big] = logins.map((login) => host.accounts.find((one) => one.login === login));
  if (!small || !big) throw new Error("the mail host has not both spellings");
  const sessions = await Promise.all([small, big].map((one) => SmtpSession.login(host.submissionPort, one)));
  const answers = async () => {
    const said = [];
    for (const one of sessions)
      said.push((await one.send("any@w.example", "to@d.example", "Subject: x\n\ny\n")).slice(0, 3));
    return said;
  };
  expect(await answers()).toEqual(["250", "250"]);
  await setAccess(host.conn, [{ account: big.login, verdict: "REJECT" }]);
  expect(await answers()).toEqual(["250", "554"]);
  await setAccess(host.conn, [
    { account: big.login, verdict: "-" },
    { account: small.login, verdict: "REJECT" },
  ]);
  expect(await answers()).toEqual(["554", "250"]);
  await setAccess(host.conn, [{ account: small.login, verdict: "-" }]);
  for (const one of sessions) one.close();
});
