import { readFileSync } from "node:fs";
import { admin } from "./dashboard";
import { expect, test } from "./fixtures";
import { attack } from "./mailhost/traffic";
import { until } from "./until";

const stolen = "stolen@example.com";
const note = "Phished; called the owner, new password by phone.";

test.describe.configure({ mode: "serial" });
test.use({ viewport: { width: 1440, height: 1000 }, mailhostOptions: [[{ name: "mx1" }], { scope: "worker" }] });

test("an alert of the stolen account is acknowledged with a note, which stays in the history", async ({
  signedIn: page,
  mailhost,
  dashboard,
}) => {
  await attack(mailhost, { messages: 120, senders: 100, clients: 100, failedLogins: 3 });
  type Alert = { account: string; acknowledged: { by: string; note: string } | null };
  const acknowledge = page.getByRole("button", { name: "Acknowledge" });
  await expect(page.getByText("1 account needs a look")).toBeVisible();
  await expect(page.getByRole("link", { name: stolen }).first()).toBeVisible();
  // What is judged worse after it was acknowledged is a new alert: it is acknowledged once all was judged.
  const verdicts = ["clear", "watch", "suspect", "compromised"];
  type Judged = { verdict: string; numbers: { messages: number } };
  await until(
    async () => ({
      now: await dashboard.json<Judged>("GET", `/api/hosts/mx1/accounts/${encodeURIComponent(stolen)}`),
      alerts: await dashboard.json<(Alert & { verdict: string })[]>("GET", "/api/alerts"),
    }),
    ({ now, alerts }) =>
      now.numbers.messages === 120 &&
      alerts.some(({ verdict }) => verdicts.indexOf(verdict) >= verdicts.indexOf(now.verdict)),
  );
  await acknowledge.click();
  const dialog = page.getByRole("dialog", { name: "Acknowledge the alert" });
  await dialog.getByLabel("Note").fill(note);
  await dialog.getByRole("button", { name: "Acknowledge" }).click();
  await expect(page.getByText("needs a look")).toBeHidden();
  const all = await dashboard.json<Alert[]>("GET", "/api/alerts?all=1");
  expect(all.find((alert) => alert.account === stolen)?.acknowledged).toMatchObject({ by: admin.email, note });
});

test("an incident is opened from the account, noted, reported as Markdown and CSV, and closed", async ({
  signedIn: page,
  look,
}) => {
  await page.goto(`/hosts/mx1/accounts/${encodeURIComponent(stolen)}`);
  await page.getByRole("button", { name: "Open incident" }).click();
  await expect(page.getByRole("heading", { level: 1, name: stolen })).toBeVisible();
  await expect(page.getByText("open", { exact: true })).toBeVisible();
  await page.getByLabel("Add a note").fill(note);
  await page.getByRole("button", { name: "Add note" }).click();
  await expect(page.getByText(note)).toBeVisible();
  const report = async (name: string) => {
    const [download] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("link", { name: `Report (${name})` }).click(),
    ]);
    return readFileSync(await download.path(), "utf8");
  };
  const sent = await look.logged(stolen);
  const markdown = await report("Markdown");
  expect(markdown).toContain(`# Incident: ${stolen}`);
  expect(markdown).toContain(`| mx1 | ${sent} |`);
  const csv = await report("CSV");
  expect(csv.split("\n")[0]).toMatch(/^part,time,until,host,who,what/);
  expect(csv).toMatch(new RegExp(`^mail,.*,mx1,,messages,,,${sent}`, "m"));
  for (const text of [markdown, csv]) expect(text).toContain("new password by phone");
  await page.getByRole("button", { name: "Close incident" }).click();
  await expect(page.getByText("closed", { exact: true })).toBeVisible();
  await page.getByRole("link", { name: "Incidents" }).click();
  const row = page.getByRole("row").filter({ hasText: stolen });
  await expect(row).toContainText("closed");
});
