import { expect, test } from "./fixtures";
import { unharmed } from "./mailhost/harm";
import { honest, type Sent, type Thief, thief } from "./mailhost/traffic";
import { trouble } from "./mailhost/trouble";
import { until } from "./until";

const stolen = "stolen@example.com";
const recipientsOf = (all: readonly Pick<Sent, "recipients">[]) => all.flatMap(({ recipients }) => recipients).sort();
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
  await expect.poll(() => mine.accepted.length).toBeGreaterThan(60);
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
  await expect(dialog.getByRole("button", { name: "Contain now" })).toBeHidden();
  for (const part of [
    "Suspend the account",
    "End its open sessions",
    "Keep holding what still comes",
    "Hold its mail in the queue",
  ])
    await expect(steps.filter({ hasText: part })).toContainText("on mx1: done");
  expect(presses).toBeGreaterThan(0);
  expect(presses).toBeLessThanOrEqual(5);

  // From here on nothing more: neither by the thief's own count nor by the host's log. A message that was cut with one of
  // the thief's three sessions has its line, and no answer that the thief could count.
  const accepted = mine.accepted.length;
  const refused = mine.refused;
  await expect.poll(() => mine.refused).toBeGreaterThan(refused + 20);
  expect(mine.accepted.length).toBe(accepted);
  const logged = await look.logged(stolen);
  expect(logged).toBeGreaterThanOrEqual(accepted);
  expect(logged).toBeLessThanOrEqual(accepted + 3);
});

test("after it nothing of the account is delivered, and every honest message is", async ({
  signedIn: page,
  mailhost,
  look,
}) => {
  const theirs = new Set(attacker?.accepted.map(({ id }) => id));
  const good = (await honestly) ?? [];
  expect(good.length).toBe(60);
  await mailhost.relay("sink");
  const moving = () => [...look.files()].filter(([, { queue }]) => queue !== "hold");
  // A flush passes by what is still being tried, and the relay's last file may still be written.
  const flushed = async () => {
    await trouble.flush(mailhost);
    return moving().length === 0 && recipientsOf(look.delivered()).length >= 60;
  };
  await until(flushed, (all) => all).catch(() => {});
  expect(moving()).toEqual([]);
  unharmed(recipientsOf(look.delivered()), recipientsOf(good), "not each honest message came once, and nothing else");
  const senders = new Set(look.delivered().map(({ sender }) => sender));
  expect([...senders].sort()).toEqual(["alice@example.com", "bob@example.com", "carol@example.com"]);
  const queued = [...look.files().keys()];
  unharmed(new Set(queued.filter((id) => theirs.has(id))), theirs, "mail that was taken and is to be held is gone");
  // Whose answer was cut with its session.
  const unanswered = queued.filter((id) => !theirs.has(id));
  expect(unanswered.length).toBeLessThanOrEqual(3);
  for (const id of unanswered) expect(await look.account(id)).toBe(stolen);

  await page.goto(`/hosts/mx1/accounts/${encodeURIComponent(stolen)}`);
  await expect(page.getByText("suspended: its mail is rejected")).toBeVisible();
  await expect(page.getByText("Of them held").locator("..")).toContainText(String(queued.length));
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
  await expect(dialog.getByRole("listitem").filter({ hasText: "Hold its mail in the queue" })).toContainText("done");
  await expect.poll(() => attacker?.accepted.length ?? 0).toBeGreaterThan(theirs.length);
  await attacker?.stop();
  const flushed = async () => {
    await trouble.flush(mailhost);
    return look.files().size;
  };
  await until(flushed, (left) => left === 0);
  await look.settled(0);
  const sent = recipientsOf(attacker?.accepted ?? []);
  const delivered = () => {
    const ours = new Set(sent);
    return recipientsOf(look.delivered()).filter((recipient) => ours.has(recipient));
  };
  await until(delivered, (seen) => seen.length >= sent.length).catch(() => {});
  unharmed(delivered(), sent, "not each message of the account came once");
  await dialog.getByRole("button", { name: "Close" }).first().click();
  await expect(page.getByText("sending", { exact: true })).toBeVisible();
});
