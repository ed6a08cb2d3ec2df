import { expect, test } from "vitest";
import type { Judgement } from "../../core/judge/judge";
import { factsOf } from "../../core/judge/labelled/facts-of";
import { honest } from "../../core/judge/labelled/honest";
import { audit } from "../audit";
import { raise } from "../judge/alerts";
import { state } from "../state";
import { freshState } from "../test-state";
import { changeIncident, getIncident, knownIncident, listIncidents, openIncident } from "./incidents";
import { reportFacts } from "./report-facts";
import { csv, markdown } from "./report-text";

freshState();
const account = "ann@a.example";
const said: Judgement = {
  score: 90,
  verdict: "compromised",
  findings: [{ rule: "forged-senders", weight: 55, sentence: "99 senders <b>.", evidence: [], from: 0, to: 0 }],
};

function purged(host: string, done: number, of: string): void {
  const now = Date.now();
  state().sqlite.now(
    state()
      .db.insertInto("actions")
      .values({
        ...{ id: `act-${host}`, host, kind: "purge", plan: null, state: "done", stage: null, planned: done + 1 },
        ...{ arrived_later: null, filter: "{}", reason: null, problem: null, made_at: now, made_by: "eve@ops.example" },
        ...{
          started_at: now,
          ended_at: now,
          undone_at: null,
          undone_by: null,
          archive_expires: null,
          archive_deleted_at: null,
        },
      }),
  );
  for (let n = 0; n <= done; n++)
    state().sqlite.now(
      state()
        .db.insertInto("action_items")
        .values({
          ...{
            action: `act-${host}`,
            n,
            instance: "postfix",
            id: `A${n}`,
            queue: "deferred",
            arrival: 0,
            size: 1,
            sender: "",
          },
          ...{
            account: of,
            stage: null,
            inode: null,
            sha256: null,
            outcome: n < done ? "done" : "gone",
            new_id: null,
            said: null,
          },
        }),
    );
}

test("gathers hosts, findings and actions of the account alone, and is opened once", async () => {
  raise("mx1", account, said, Date.now());
  raise("mx3", "other@a.example", said, Date.now());
  const opened = await openIncident("mx2", account, "eve@ops.example");
  purged("mx4", 3, account);
  purged("mx5", 3, "other@a.example");
  expect((await openIncident("mx2", account, "bob@ops.example")).id).toBe(opened.id);
  expect(getIncident(opened.id)).toMatchObject({
    account,
    openedBy: "eve@ops.example",
    findings: ["99 senders <b>."],
    actions: ["act-mx4"],
    closedAt: null,
  });
  expect(getIncident(opened.id).hosts.sort()).toEqual(["mx1", "mx2", "mx4"]);
  expect(listIncidents().map(({ id }) => id)).toEqual([opened.id]);
});

test("takes notes, is closed once, and gathers no more then", async () => {
  const { id } = await openIncident("mx1", account, "eve@ops.example");
  await changeIncident(id, { note: "password changed" }, "bob@ops.example");
  const closed = await changeIncident(id, { close: true }, "bob@ops.example");
  expect(closed.notes).toMatchObject([{ by: "bob@ops.example", text: "password changed" }]);
  expect(closed.closedAt).not.toBeNull();
  purged("mx4", 3, account);
  expect(getIncident(id).actions).toEqual([]);
  await expect(changeIncident(id, { close: true }, "bob@ops.example")).rejects.toMatchObject({ code: "conflict" });
  expect((await openIncident("mx1", account, "eve@ops.example")).id).not.toBe(id);
});

test("the report says what went out, what was stopped and who did what, and hostile text stays text", async () => {
  raise("mx1", account, said, Date.now());
  const { id } = await openIncident("mx1", account, "eve@ops.example");
  purged("mx1", 3, account);
  await audit("eve@ops.example", "mx1", "account suspended", { account, mode: "reject" });
  await audit("eve@ops.example", "mx1", "somebody else suspended", { account: `x${account}` });
  await changeIncident(id, { note: '=HYPERLINK("http://evil") | **bold**\nsecond, line' }, "bob@ops.example");
  const facts = factsOf(honest["office worker"](5));
  const report = await reportFacts(knownIncident(id), { facts: async () => facts });
  const sent = facts.hours.reduce((total, hour) => total + hour.messages, 0);
  const text = markdown(report);
  expect(text).toContain(`| mx1 | ${sent} |`);
  expect(text).toMatch(/\| 3 \|\n\n## Addresses/);
  expect(text).toContain("99 senders \\<b\\>.");
  expect(text).toContain("| mx1 | eve@ops.example | account suspended |");
  expect(text).not.toContain("somebody else");
  expect(text).toContain("\\*\\*bold\\*\\* second, line |");
  const table = csv(report);
  expect(table).toContain(`,messages,,,${sent}\r\n`);
  expect(table).toContain('"note: =HYPERLINK(""http://evil"") | **bold** second, line"');
  expect(table.split("\r\n").some((line) => /(^|,)[=+]/.test(line))).toBe(false);
});
