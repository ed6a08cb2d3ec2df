import { afterAll, beforeAll, expect, test } from "vitest";
import type { MailHost } from "../../../e2e/mailhost/host";
import { oracle } from "../../../e2e/mailhost/oracle";
import { attack } from "../../../e2e/mailhost/traffic";
import { undoAction } from "./actions";
import { mailHost, runToEnd, said } from "./host-test";
import { makePlan } from "./make-plan";
import { hostIdle } from "./runner";

const by = "admin@example.com";
// More by hand: SLUICE_MESSAGES=600.
const messages = Number(process.env.SLUICE_MESSAGES ?? 60);
let mail: Awaited<ReturnType<typeof mailHost>>;
let host: MailHost;
let eyes: ReturnType<typeof oracle>;
beforeAll(async () => {
  mail = await mailHost(["--relay", "slow"]);
  host = mail.host;
  eyes = oracle(host);
});
afterAll(() => mail?.end());

test(
  "purged in the midst of delivery and brought back: each recipient gets each message once",
  async () => {
    const sent = await attack(host, { messages, parallel: 4 });
    const plan = await makePlan("mx", "purge", { account: ["stolen@example.com"] }, by);
    const action = await runToEnd(plan);
    const all = JSON.stringify(said(action.id));
    expect(action.state, all).toBe("done");
    const skipped = action.skipped.reduce((n, { messages }) => n + messages, 0);
    expect(action.done + skipped, all).toBe(plan.messages);
    expect(action.done, all).toBeGreaterThan(0);
    await undoAction(action.id, by);
    await hostIdle("mx");
    await host.relay("sink");
    await host.exec("postsuper -H ALL >/dev/null 2>&1; postqueue -f");
    await expect.poll(() => eyes.files().size, { timeout: 60_000 + messages * 100, interval: 300 }).toBe(0);
    const got = eyes.delivered().flatMap(({ sender, recipients }) => recipients.map((to) => `${sender} ${to}`));
    const wanted = sent.flatMap(({ sender, recipients }) => recipients.map((to) => `${sender} ${to}`));
    expect(got.sort()).toEqual(wanted.sort());
  },
  120_000 + messages * 400,
);
