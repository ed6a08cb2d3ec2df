import { admin } from "./dashboard";
import { expect, test } from "./fixtures";
import type { MailHost } from "./mailhost/host";
import { login } from "./mailhost/traffic";
import { trouble } from "./mailhost/trouble";
import { hydrated } from "./until";

const hostile = {
  account: "<img/src=x/onerror=pwned()>@example.com",
  sender: '"<svg/onload=pwned()>"@evil.example',
  subject: "<script>pwned()</script> \x1b[31mred\x07 \u202Egnp.exe",
};

test.describe.configure({ mode: "serial" });
test.use({
  viewport: { width: 1440, height: 1000 },
  mailhostOptions: [
    [{ name: "mx1", accounts: [`${hostile.account}:hostile-secret`] }, { name: "mx2" }],
    { scope: "worker" },
  ],
});

test("a wrong password opens nothing and says so", async ({ page, dashboard }) => {
  await page.goto(`${dashboard.url}/activity`);
  await expect(page.getByRole("heading", { name: "Sign in" })).toBeVisible();
  await hydrated(page);
  await page.getByLabel("E-mail").fill(admin.email);
  await page.getByLabel("Password").fill("not it");
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page.getByRole("alert").filter({ hasText: "E-mail or password is wrong." })).toBeVisible();
  expect((await page.request.get(`${dashboard.url}/api/hosts`)).status()).toBe(401);
  // The right one leads to the page that was asked for.
  await page.getByLabel("Password").fill(admin.password);
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page.getByRole("heading", { name: "Activity" })).toBeVisible();
});

test("an empty queue is shown as empty, with no action offered", async ({ signedIn: page, look }) => {
  expect(look.files().size).toBe(0);
  await page.goto("/hosts/mx2/queue");
  await expect(page.getByText("The queue is empty")).toBeVisible();
  for (const name of ["Hold", "Release", "Purge"])
    await expect(page.getByRole("button", { name, exact: true })).toBeDisabled();
});

test("markup and control characters in account, sender and subject are shown as text and run nowhere", async ({
  signedIn: page,
  mailhost,
  look,
}) => {
  const ran: string[] = [];
  await page.exposeFunction("pwned", () => ran.push("pwned"));
  page.on("dialog", (dialog) => {
    ran.push(dialog.message());
    void dialog.dismiss();
  });
  const smtp = await login(mailhost, hostile.account, "203.0.113.66");
  const text = `From: <x@evil.example>\nSubject: ${hostile.subject}\n\nhostile\n`;
  expect((await smtp.message(hostile.sender, ["victim@example.org"], text)).code).toBe(250);
  await smtp.quit();
  await look.settled(1);

  const link = page.getByRole("table", { name: "Accounts" }).getByRole("link", { name: hostile.account });
  await link.click();
  await expect(page.getByRole("heading", { name: hostile.account })).toBeVisible();
  await expect(page.getByRole("button", { name: "Messages 1" })).toBeVisible();
  await page.getByRole("link", { name: "See its mail in the queue" }).click();
  await expect(page.getByText("1 of 1 messages")).toBeVisible();
  const row = page.getByRole("table", { name: "Messages" }).getByRole("row").nth(1);
  await expect(row).toContainText(hostile.account);
  await expect(row).toContainText("<svg/onload=pwned()>");
  await row.getByRole("button", { name: /^Open / }).click();
  const drawer = page.getByRole("dialog");
  await expect(drawer).toContainText("<script>pwned()</script> ␛[31mred␇ ");
  // biome-ignore lint/suspicious/noControlCharactersInRegex: none of them may reach the page as they are
  expect(await drawer.textContent()).not.toMatch(/[\x00-\x08\x0b-\x1f\x7f\u202e]/);
  await expect(drawer.getByRole("heading", { name: "Log lines" })).toBeVisible();
  await drawer.getByRole("button", { name: "Close" }).click();
  await expect(drawer).toBeHidden();
  await page.getByRole("button", { name: "Purge" }).click();
  await expect(page.getByRole("dialog")).toContainText("<script>pwned()</script>");
  expect(await page.locator("img, svg[onload]").count()).toBe(0);
  expect(ran).toEqual([]);
});

test("a host that cannot be reached says what to do next, and the rest of the page lives", async ({
  signedIn: page,
  mailhosts,
  mailhost,
}) => {
  const gone = mailhosts[1] as MailHost;
  const card = page.getByRole("region", { name: "mx2.example.com" });
  await expect(card.getByText("reached")).toBeVisible();
  await trouble.stopSsh(gone);
  await expect(card.getByText("unreachable, shown:")).toBeVisible();
  await expect(page.getByRole("region", { name: "mx1.example.com" }).getByText("reached")).toBeVisible();
  await expect(page.getByText("2 hosts, 1 unreachable")).toBeVisible();

  await card.getByRole("link", { name: "mx2.example.com", exact: true }).click();
  const notice = page.getByRole("status").filter({ hasText: "cannot be reached" });
  await expect(notice).toContainText("Sluice keeps trying. Check the network and that sshd runs there");
  await expect(notice).toContainText("What is shown is from");
  await expect(page.getByRole("alert").filter({ hasText: "The mail host cannot be reached." })).toBeVisible();
  // The other host goes on: new mail there is seen meanwhile.
  const smtp = await login(mailhost, "alice@example.com", "192.0.2.10");
  await smtp.message("alice@example.com", ["friend@example.org"], "Subject: hello\n\nhello\n");
  await smtp.quit();
  await page.getByRole("link", { name: "Overview" }).click();
  await expect(page.getByRole("link", { name: "2 in deferred on mx1.example.com" })).toBeVisible();

  // Sluice tries again after a minute at most.
  await trouble.startSsh(gone);
  await expect(card.getByText("reached")).toBeVisible({ timeout: 120_000 });
});

test("a host that shows another key gets nothing until the new key is confirmed", async ({
  signedIn: page,
  mailhosts,
  dashboard,
}) => {
  const other = mailhosts[1] as MailHost;
  const added = await dashboard.json<{ id: string }>("POST", "/api/hosts", {
    name: "spare.example.com",
    address: "127.0.0.1",
    port: other.sshPort,
    user: "root",
    key: { path: other.clientKeyPath },
    hostKey: other.hostKey,
    log: "/var/log/mail.log",
  });
  const card = page.getByRole("region", { name: "spare.example.com" });
  await expect(card.getByText("reached")).toBeVisible();
  await trouble.newHostKey(other);
  await trouble.killSessions(other);
  await expect(card.getByText("unreachable, shown:")).toBeVisible();

  await page.goto(`/hosts/${added.id}`);
  await expect(page.getByText("Nothing was sent to it.").first()).toBeVisible();
  await page.getByRole("button", { name: "Fetch the key it shows now" }).click();
  const fingerprint = await other.exec("ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub | cut -d' ' -f2");
  await expect(page.getByText(fingerprint.trim()).first()).toBeVisible();
  const confirm = page.getByRole("button", { name: "Confirm the new key" });
  await expect(confirm).toBeDisabled();
  await page.getByLabel("The fingerprint is the same").check();
  await confirm.click();
  await expect(page.getByText("reached", { exact: true })).toBeVisible();
});
