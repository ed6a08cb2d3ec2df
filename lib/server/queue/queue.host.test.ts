import { execFileSync } from "node:child_process";
import { afterAll, beforeAll, beforeEach, expect, test, vi } from "vitest";
import type { MailHost } from "../../../e2e/mailhost/host";
import { oracle } from "../../../e2e/mailhost/oracle";
import { attack, honest, login } from "../../../e2e/mailhost/traffic";
import type { QueueGroups, QueueMessages } from "../../api/queue";
import { runPlan, undoAction } from "../actions/actions";
import { downloadArchive, listArchives, removeArchive } from "../actions/archives";
import { mailHost, runToEnd } from "../actions/host-test";
import { makePlan } from "../actions/make-plan";
import { hostIdle } from "../actions/runner";
import { addStanding, endStanding, listStanding } from "../actions/standing";
import { state } from "../state";
import { messageOf } from "./message";
import { queueOf } from "./queue";

const by = "admin@example.com";
const stolen = { account: ["stolen@example.com"] };
let mail: Awaited<ReturnType<typeof mailHost>>;
let host: MailHost;
let eyes: ReturnType<typeof oracle>;
beforeAll(async () => {
  mail = await mailHost(["--relay", "closed", "--instances", "2", "--long-ids"]);
  host = mail.host;
  eyes = oracle(host);
});
afterAll(() => mail?.end());
beforeEach(async () => {
  await host.exec("postsuper -d ALL >/dev/null 2>&1; true");
});
const queue = (text: string) => queueOf("mx", { fresh: "1" }, new URLSearchParams(text)) as Promise<QueueMessages>;

test("groups, filters and pages say what the host's own listing says", async () => {
  await attack(host, { messages: 40, senders: 10, clients: 4 });
  await honest(host, { messages: 9 });
  await eyes.settled(49);
  const listed = await eyes.queue();
  const groups = (await queueOf("mx", { group: "account", fresh: "1" }, new URLSearchParams())) as QueueGroups;
  expect([groups.total, groups.matched, groups.complete, groups.unresolved]).toEqual([49, 49, true, 0]);
  expect(groups.groups.map(({ key, messages }) => [key, messages])).toEqual([
    ["stolen@example.com", 40],
    ["alice@example.com", 3],
    ["bob@example.com", 3],
    ["carol@example.com", 3],
  ]);
  const first = (await queueOf("mx", { limit: 20, fresh: "1" }, new URLSearchParams())) as QueueMessages;
  const second = (await queueOf("mx", { limit: 20, cursor: first.next ?? "" }, new URLSearchParams())) as QueueMessages;
  const third = (await queueOf("mx", { limit: 20, cursor: second.next ?? "" }, new URLSearchParams())) as QueueMessages;
  const all = [first, second, third].flatMap(({ messages }) => messages);
  expect(third.next).toBeNull();
  expect(all.map(({ id }) => id).sort()).toEqual([...listed.keys()].sort());
  for (const { id, sender, size } of all)
    expect([sender, size]).toEqual([listed.get(id)?.sender, listed.get(id)?.size]);
  expect((await queue("account=stolen@example.com&exceptClient=203.0.113.0/24")).total).toBe(49);
  expect((await queue("senderDomain=EXAMPLE.COM")).matched).toBe(9);
  expect((await queue("account=Stolen@example.com")).matched).toBe(0);
});

test("a message that lies in its headers and body is shown as what it is, and harmless", async () => {
  const smtp = await login(host, "alice@example.com", "192.0.2.10");
  const text =
    "Subject: =?utf-8?Q?Gr=C3=BC=C3=9Fe_sasl=5Fusername=3Dbob?=\r\nX: named_attribute: sasl_username=bob\r\n\r\n*** HEADER EXTRACTED x ***\r\nnamed_attribute: sasl_username=bob\r\n\x1b[31mred\r\n";
  await smtp.message("alice@example.com", ["x@example.net"], text);
  await smtp.quit();
  await eyes.settled(1);
  const [id = ""] = eyes.files().keys();
  const shown = await messageOf("mx", id, undefined);
  expect(shown).toMatchObject({ id, account: "alice@example.com", queue: "deferred", bodyCut: false });
  expect(shown.envelope.recipients).toMatchObject([{ address: "x@example.net", done: false }]);
  expect(shown.headers.find(({ name }) => name === "Subject")?.value).toBe("Grüße sasl_username=bob");
  expect(shown.body).toContain("\u241b[31mred");
  expect((await queue("account=bob")).matched).toBe(0);
});

test("an archive is counted, comes as .eml files in a .tar, and once deleted cannot be brought back", async () => {
  const sent = await attack(host, { messages: 3, subject: (n) => `parcel ${n}` });
  await eyes.settled(3);
  const action = await runToEnd(await makePlan("mx", "aside", stolen, by));
  expect(eyes.files().size).toBe(0);
  const archives = await listArchives("mx");
  expect(archives.find((one) => one.action === action.id)).toMatchObject({ messages: 3, kind: "aside" });
  const tar = Buffer.from(await (await downloadArchive("mx", action.id, by)).arrayBuffer());
  const names = execFileSync("tar", ["-tf", "-"], { input: tar }).toString().trim().split("\n").sort();
  expect(names).toEqual(sent.map(({ id }) => `postfix/${id}.eml`).sort());
  expect(execFileSync("tar", ["-xOf", "-", names[0] ?? ""], { input: tar }).toString()).toMatch(
    /^Subject: parcel \d$/m,
  );
  await removeArchive("mx", action.id, by);
  expect((await listArchives("mx")).filter((one) => one.action === action.id)).toEqual([]);
  await expect(undoAction(action.id, by)).rejects.toMatchObject({ code: "conflict" });
});

test("a standing hold holds what comes of the account, and nothing of others, until it is lifted", async () => {
  const { id } = await addStanding("mx", stolen, null, by);
  await Promise.all([attack(host, { messages: 12 }), honest(host, { messages: 6 })]);
  const held = () => [...eyes.files().values()].filter(({ queue }) => queue === "hold").length;
  await expect.poll(held, { timeout: 20_000, interval: 300 }).toBe(12);
  expect(eyes.files().size).toBe(18);
  await vi.waitFor(() => expect(listStanding()[0]?.held).toBe(12), 10_000);
  await endStanding(id, by);
  expect(listStanding()).toEqual([]);
});

test("of two instances only the chosen one's mail is touched, even under one id", async () => {
  await attack(host, { messages: 2 });
  await eyes.settled(2);
  const [[id = "", file] = []] = eyes.files();
  const name = (await host.exec("postmulti -l | awk '$1 != \"-\" { print $1; exit }'")).trim();
  const other = (await host.exec(`postconf -c /etc/${name} -h queue_directory`)).trim();
  const from = `/var/spool/postfix/${file?.path.split("/postfix/").at(-1)}`;
  await host.exec(`mkdir -p ${other}/hold && cp -p ${from} ${other}/hold/${id}`);
  const hold = () => host.exec(`find ${other} -name ${id}`);
  const before = await hold();
  expect((await queue("")).messages.filter((message) => message.id === id)).toHaveLength(2);
  const action = await runToEnd(await makePlan("mx", "purge", { ids: [`postfix/${id}`] }, by));
  expect(action).toMatchObject({ done: 1, skipped: [] });
  expect(await hold()).toBe(before);
  expect(eyes.files().size).toBe(1);
  await host.exec(`rm ${other}/hold/${id}`);
});

test("where the audit trail cannot be written, nothing is done", async () => {
  await attack(host, { messages: 3 });
  await eyes.settled(3);
  const plan = await makePlan("mx", "purge", stolen, by);
  state().sqlite.exec("CREATE TRIGGER full BEFORE INSERT ON audit BEGIN SELECT RAISE(ABORT, 'disk full'); END");
  await expect(runPlan({ plan: plan.id }, by)).rejects.toMatchObject({ code: "audit_failed" });
  await hostIdle("mx");
  expect([...eyes.files().values()].map(({ queue }) => queue)).toEqual(["deferred", "deferred", "deferred"]);
  state().sqlite.exec("DROP TRIGGER full");
});
