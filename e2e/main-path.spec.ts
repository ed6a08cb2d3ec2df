import { admin } from "./dashboard";
import { expect, test } from "./fixtures";
import { unharmed } from "./mailhost/harm";
import type { oracle } from "./mailhost/oracle";
import type { Sent } from "./mailhost/traffic";
import { attack, honest } from "./mailhost/traffic";
import { hydrated } from "./until";

const stolen = "stolen@example.com";
const idsOf = (sent: readonly Sent[]) => sent.map(({ id }) => id).sort();
let bad: string[] = [];
let good: string[] = [];
let hashes: Map<string, string>;

test.describe.configure({ mode: "serial" });
test.use({
  viewport: { width: 1440, height: 1000 },
  // A host of its own: its counts and its relay are this file's.
  mailhostOptions: [[{ name: "mx1" }], { scope: "worker" }],
});

test.beforeEach(async ({ mailhost, look, dashboard: _ }) => {
  if (bad.length > 0) return;
  const [theirs, ours] = await Promise.all([
    attack(mailhost, { messages: 500, senders: 300, clients: 200, recipientRejects: 5, failedLogins: 3 }),
    honest(mailhost, { messages: 100 }),
  ]);
  [bad, good] = [idsOf(theirs), idsOf(ours)];
  await look.settled(600);
  hashes = look.hashes(good);
});

test("an admin signs in and sees the queue and the stolen account on top, with the count that grep gives", async ({
  page,
  dashboard,
  look,
}) => {
  await page.goto(dashboard.url);
  await hydrated(page);
  await page.getByLabel("E-mail").fill(admin.email);
  await page.getByLabel("Password").fill(admin.password);
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page.getByRole("heading", { name: "Overview" })).toBeVisible();
  const card = page.getByRole("region", { name: "mx1.example.com" });
  await expect(card.getByRole("link", { name: "600 in deferred on mx1.example.com" })).toBeVisible();

  await expect.poll(() => look.logged(stolen)).toBe(500);
  const top = page.getByRole("table", { name: "Accounts" }).getByRole("row").nth(1);
  await expect(top.getByRole("link", { name: stolen })).toBeVisible();
  await expect(top.getByRole("cell").nth(2)).toHaveText("500");
  for (const account of ["alice@example.com", "bob@example.com", "carol@example.com"]) {
    const row = page.getByRole("table", { name: "Accounts" }).getByRole("row").filter({ hasText: account });
    await expect(row.getByRole("cell").nth(2)).toHaveText(String(await look.logged(account)));
  }
});

test("the account's page proves it: its numbers, its sessions, and the log lines behind them", async ({
  signedIn: page,
  look,
}) => {
  await page.getByRole("table", { name: "Accounts" }).getByRole("link", { name: stolen }).click();
  await expect(page.getByRole("heading", { name: stolen })).toBeVisible();
  await expect(page.getByTitle(/^Suspicion \d+ of 100$/)).toHaveText(/^compromised/);
  await expect(page.getByRole("button", { name: "Messages 500" })).toBeVisible();
  await expect(page.getByRole("button", { name: "Failed logins 3" })).toBeVisible();
  await expect(page.getByText("300 forged")).toBeVisible();
  const sessions = page.getByRole("table", { name: "Sessions" });
  // A turn of the wheel before the page has its length moves nothing.
  await expect(async () => {
    await page.mouse.wheel(0, 10_000);
    await expect(sessions).toBeVisible({ timeout: 2000 });
  }).toPass({ timeout: 60_000 });

  const session = sessions.getByRole("button", { name: /^Session of / }).first();
  await session.click();
  const messages = page.getByRole("list", { name: "Messages of the session" }).getByRole("listitem");
  const id = await messages.first().getByRole("link").textContent();
  expect(await look.account(id ?? "")).toBe(stolen);
  await page.getByRole("button", { name: "Messages 500" }).click();
  const lines = page.getByRole("dialog", { name: "Messages: log lines" });
  await expect(lines.getByText("500 lines")).toBeVisible();
  await expect(lines.getByText(`sasl_username=${stolen}`).first()).toBeVisible();
});

test("hold and release by the account leave exactly the queue that they should", async ({ signedIn: page, look }) => {
  await page.goto(`/hosts/mx1/queue?account=${stolen}`);
  await expect(page.getByText("500 of 600 messages")).toBeVisible();
  await page.getByRole("toolbar", { name: "Actions" }).getByRole("button", { name: "Hold" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Hold 500" }).click();
  await expect(page.getByText("Done: 500 messages held")).toBeVisible();
  expect(queueOf(look, "hold")).toEqual(bad);
  expect(queueOf(look, "deferred")).toEqual(good);
  await page.getByRole("dialog").getByRole("button", { name: "Close" }).first().click();

  await page.getByRole("toolbar", { name: "Actions" }).getByRole("button", { name: "Release" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Release 500" }).click();
  await expect(page.getByText("Done: 500 messages released")).toBeVisible();
  await whole(look);
  expect(queueOf(look, "hold")).toEqual([]);
  expect(queueOf(look, "deferred")).toEqual([...bad, ...good].sort());
  unharmed(look.hashes(good), hashes, "mail of others was touched");
});

test("a purge by the account, typed to confirm, removes exactly its messages; undo brings all of them back", async ({
  signedIn: page,
  look,
}) => {
  const before = look.hashes(bad);
  await page.goto(`/hosts/mx1/accounts/${encodeURIComponent(stolen)}`);
  await page.getByRole("toolbar", { name: "Actions" }).getByRole("button", { name: "Purge" }).click();
  const dialog = page.getByRole("dialog");
  await expect(dialog.getByRole("heading", { name: "Purge 500 messages" })).toBeVisible();
  await expect(dialog.getByRole("heading", { name: "1 account", exact: true })).toBeVisible();
  await expect(dialog.getByRole("heading", { name: "300 senders" })).toBeVisible();
  const purge = dialog.getByRole("button", { name: "Purge 500" });
  await expect(purge).toBeDisabled();
  await dialog.getByLabel(`Type ${stolen} to confirm`).fill("alice@example.com");
  await expect(purge).toBeDisabled();
  await dialog.getByLabel(`Type ${stolen} to confirm`).fill(stolen);
  await purge.click();
  await expect(dialog.getByText("Done: 500 messages archived and deleted")).toBeVisible();
  unharmed([...look.files().keys()].sort(), good, "the purge left mail of its account, or took another's");
  unharmed(look.hashes(good), hashes, "mail of others was touched");

  await dialog.getByRole("button", { name: "Undo" }).click();
  await expect(dialog.getByText("Purge undone")).toBeVisible();
  await whole(look);
  unharmed(look.hashes(bad), before, "what was brought back is not what was purged");
  unharmed(look.hashes(good), hashes, "mail of others was touched");
  expect(queueOf(look, "hold")).toEqual([]);
});

test("the activity page tells what was done and by whom, and the audit is whole", async ({ signedIn: page }) => {
  await page.getByRole("link", { name: "Activity" }).click();
  const rows = page.getByRole("table", { name: "Actions" }).getByRole("row");
  for (const [row, kind, state] of [
    [1, "Purge", "undone"],
    [2, "Release", "done"],
    [3, "Hold", "done"],
  ] as const) {
    await expect(rows.nth(row)).toContainText(kind);
    await expect(rows.nth(row)).toContainText(`account ${stolen}`);
    await expect(rows.nth(row)).toContainText("500 of 500");
    await expect(rows.nth(row)).toContainText(state);
    await expect(rows.nth(row)).toContainText(admin.email);
  }
  await page.getByRole("tab", { name: "Audit" }).click();
  await expect(page.getByText("chain intact")).toBeVisible();
  await expect(page.getByRole("table", { name: "Audit" })).toContainText("purge confirmed");
});

/** At rest, and all 600 there: what has not come back by the end of the wait is lost. */
async function whole(look: ReturnType<typeof oracle>): Promise<void> {
  await look.settled(600).catch(() => {});
  unharmed([...look.files().keys()].sort(), [...bad, ...good].sort(), "the queue is not what was sent");
}

function queueOf(look: { files(): Map<string, { queue: string }> }, queue: string): string[] {
  return [...look.files()]
    .filter(([, file]) => file.queue === queue)
    .map(([id]) => id)
    .sort();
}

test("no script but the dashboard's own runs in its pages", async ({ signedIn }) => {
  const ran = await signedIn.evaluate(() => {
    const script = document.createElement("script");
    script.textContent = "window.ran = true";
    document.head.append(script);
    return "ran" in window;
  });
  expect(ran).toBe(false);
});
