import { expect, test } from "./fixtures";
import { honest, type Thief, thief } from "./mailhost/traffic";
import { trouble } from "./mailhost/trouble";

const stolen = "stolen@example.com";
let attacker: Thief | undefined;
let honestly: ReturnType<typeof honest> | undefined;

test.describe.configure({ mode: "serial" });
test.use({ viewport: { width: 1440, height: 1000 }, mailhostOptions: [[{ name: "mx1" }], { scope: "worker" }] });
test.afterAll(() => attacker?.stop());

test("the access table is set up from the host's page, the commands shown before they run", async ({
  signedIn: page,
  mailhost,
}) => {
  const config = () => mailhost.exec("cat /etc/postfix/main.cf /etc/postfix/master.cf");
  const before = await config();
  await page.goto("/hosts/mx1");
  await page.getByRole("button", { name: "Look at the set-up" }).click();
  await expect(page.getByText("not set up", { exact: true })).toBeVisible();
  await expect(page.getByText("check_sasl_access").first()).toBeVisible();
  expect(await config()).toBe(before);
  await page.getByRole("button", { name: "Set it up" }).click();
  await expect(page.getByText("ready", { exact: true })).toBeVisible();
  expect(await mailhost.exec("postconf -h smtpd_sender_restrictions")).toMatch(/^check_sasl_access pipemap:/);
});

test("from the overview to contained in at most five presses, while the attack runs and honest mail flows", async ({
  signedIn: page,
  mailhost,
  look,
}) => {
  const mine = thief(mailhost);
  attacker = mine;
  honestly = honest(mailhost, { messages: 60, rate: 2, parallel: 1 });
  await expect.poll(() => mine.accepted.length, { timeout: 60_000 }).toBeGreaterThan(60);
  const top = page.getByRole("table", { name: "Accounts" }).getByRole("row").nth(1);
  await expect(top.getByRole("link", { name: stolen })).toBeVisible();

  let presses = 0;
  await page.exposeFunction("pressed", () => {
    presses += 1;
  });
  await page.evaluate(() => {
    addEventListener("click", () => (window as unknown as { pressed(): void }).pressed(), true);
  });
  await top.getByRole("link", { name: stolen }).click();
  await page.getByRole("button", { name: "Contain" }).click();
  const dialog = page.getByRole("dialog", { name: "Contain the account" });
  await expect(dialog.getByRole("list", { name: "Steps" }).getByRole("listitem")).toHaveCount(4);
  await dialog.getByRole("button", { name: "Contain now" }).click();
  const steps = dialog.getByRole("list", { name: "Steps" }).getByRole("listitem");
  await expect(dialog.getByRole("button", { name: "Contain now" })).toBeHidden({ timeout: 30_000 });
  for (const part of [
    "Suspend the account",
    "End its open sessions",
    "Keep holding what still comes",
    "Hold its mail in the queue",
  ])
    await expect(steps.filter({ hasText: part })).toContainText("on mx1: done");
  expect(presses).toBeGreaterThan(0);
  expect(presses).toBeLessThanOrEqual(5);

  // From here on nothing more: neither by the thief's own count nor by the host's log.
  const accepted = mine.accepted.length;
  const logged = await look.logged(stolen);
  expect(logged).toBe(accepted);
  const refused = mine.refused;
  await expect.poll(() => mine.refused, { timeout: 60_000 }).toBeGreaterThan(refused + 20);
  expect(mine.accepted.length).toBe(accepted);
  expect(await look.logged(stolen)).toBe(logged);
});

test("after it nothing of the account is delivered, and every honest message is", async ({
  signedIn: page,
  mailhost,
  look,
}) => {
  const theirs = new Set(attacker?.accepted.map(({ id }) => id));
  const good = await honestly;
  expect(good?.length).toBe(60);
  await mailhost.relay("sink");
  await trouble.flush(mailhost);
  await expect.poll(() => look.delivered().length).toBe(60);
  const senders = new Set(look.delivered().map(({ sender }) => sender));
  expect([...senders].sort()).toEqual(["alice@example.com", "bob@example.com", "carol@example.com"]);
  expect([...look.files()].filter(([, { queue }]) => queue !== "hold")).toEqual([]);
  expect(new Set(look.files().keys())).toEqual(theirs);

  await page.goto(`/hosts/mx1/accounts/${encodeURIComponent(stolen)}`);
  await expect(page.getByText("suspended: its mail is rejected")).toBeVisible();
  await expect(page.getByText("Of them held").locator("..")).toContainText(String(theirs.size));
});

test("Lift brings everything back: what was held is delivered, once each, and the account may send again", async ({
  signedIn: page,
  mailhost,
  look,
}) => {
  const theirs = attacker?.accepted.slice() ?? [];
  await page.goto(`/hosts/mx1/accounts/${encodeURIComponent(stolen)}`);
  await page.getByRole("button", { name: "Lift" }).click();
  const dialog = page.getByRole("dialog", { name: "Lift what stops the account" });
  await dialog.getByRole("button", { name: "Lift now" }).click();
  await expect(dialog.getByRole("listitem").filter({ hasText: "Hold its mail in the queue" })).toContainText("done", {
    timeout: 30_000,
  });
  await expect.poll(() => attacker?.accepted.length ?? 0).toBeGreaterThan(theirs.length);
  await attacker?.stop();
  await trouble.flush(mailhost);
  await look.settled(0);
  const times = new Map<string, number>();
  for (const { recipients } of look.delivered())
    for (const recipient of recipients) times.set(recipient, (times.get(recipient) ?? 0) + 1);
  for (const { recipients } of attacker?.accepted ?? []) for (const one of recipients) expect(times.get(one)).toBe(1);
  await dialog.getByRole("button", { name: "Close" }).first().click();
  await expect(page.getByText("sending", { exact: true })).toBeVisible();
});
