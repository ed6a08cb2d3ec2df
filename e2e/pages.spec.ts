import AxeBuilder from "@axe-core/playwright";
import type { Page } from "@playwright/test";
import { admin, type Dashboard } from "./dashboard";
import { expect, test } from "./fixtures";
import { attack, honest } from "./mailhost/traffic";
import { hydrated, until } from "./until";

const stolen = "stolen@example.com";
const desktop = { width: 1440, height: 900 };
const phone = { width: 390, height: 844 };
const account = `/hosts/mx1/accounts/${encodeURIComponent(stolen)}`;
/** Every page, and what must be on it before it counts as drawn. */
const pages: [path: string, shown: (page: Page) => Promise<void>][] = [
  ["/", (page) => expect(page.getByRole("table", { name: "Accounts" })).toBeVisible()],
  ["/hosts/mx1/queue", (page) => expect(page.getByRole("table", { name: "Messages" })).toBeVisible()],
  ["/hosts/mx1/accounts", (page) => expect(page.getByRole("table", { name: "Accounts" })).toBeVisible()],
  [account, wholeAccount],
  ["/activity", (page) => expect(page.getByRole("table", { name: "Actions" })).toBeVisible()],
  ["/activity?tab=standing", (page) => expect(page.getByText("Nothing is held as it comes")).toBeVisible()],
  ["/activity?tab=archives", (page) => expect(page.getByRole("table", { name: /^Archives of/ })).toBeVisible()],
  ["/activity?tab=audit", (page) => expect(page.getByRole("table", { name: "Audit" })).toBeVisible()],
  ["/incidents", (page) => expect(page.getByRole("table")).toBeVisible()],
  ["/incidents/INCIDENT", (page) => expect(page.getByRole("heading", { level: 1 })).toBeVisible()],
  ["/hosts", (page) => expect(page.getByRole("table", { name: "Mail hosts" })).toBeVisible()],
  ["/hosts/mx1", (page) => expect(page.getByRole("button", { name: "Stop postfix", exact: true })).toBeVisible()],
  ["/settings", (page) => expect(page.getByRole("heading", { level: 1 })).toBeVisible()],
];
/** What opens over a page. */
const overlays: typeof pages = [
  [`${account}?lines=messages`, (page) => expect(page.getByRole("dialog")).toContainText("40 lines")],
  ["/hosts?add=1", (page) => expect(page.getByRole("dialog", { name: "Add a mail host" })).toBeVisible()],
];
let incident = "";

test.describe.configure({ mode: "serial" });
test.use({ viewport: desktop, mailhostOptions: [[{ name: "mx1" }], { scope: "worker" }] });

test.beforeEach(async ({ mailhost, look, dashboard }) => {
  if (incident) return;
  await Promise.all([
    attack(mailhost, { messages: 40, recipientRejects: 3, failedLogins: 3 }),
    honest(mailhost, { messages: 12 }),
  ]);
  await look.settled(52);
  const plan = await dashboard.json<{ id: string }>("POST", "/api/hosts/mx1/plans", {
    action: "purge",
    filter: { account: ["bob@example.com"] },
  });
  await dashboard.json("POST", "/api/actions", { plan: plan.id });
  await look.settled(48);
  const opened = await dashboard.json<{ id: string }>("POST", "/api/incidents", { host: "mx1", account: stolen });
  incident = opened.id;
});

test("no page has a fault that axe finds: desktop and phone, light and dark", async ({ signedIn: page }) => {
  test.setTimeout(900_000);
  const faults: string[] = [];
  for (const [path, shown] of [...pages, ...overlays]) {
    await page.setViewportSize(desktop);
    // Colours that change slowly would be judged half-way between two themes.
    await page.emulateMedia({ colorScheme: "light", reducedMotion: "reduce" });
    await page.goto(path.replace("INCIDENT", incident));
    await shown(page);
    faults.push(...(await faultsOf(page, `${path} desktop light`)));
    await page.emulateMedia({ colorScheme: "dark", reducedMotion: "reduce" });
    faults.push(...(await faultsOf(page, `${path} desktop dark`, ["color-contrast"])));
    await page.setViewportSize(phone);
    faults.push(...(await faultsOf(page, `${path} phone dark`)));
    const soft = expect.configure({ soft: true });
    await soft.poll(() => sideways(page), { message: `${path} scrolls sideways on a phone` }).toBe(0);
  }
  expect(faults).toEqual([]);
});

test("nor has the sign-in page, nor a preview of a purge", async ({ page, dashboard, browser }) => {
  await page.goto(`${dashboard.url}/sign-in`);
  await expect(page.getByRole("heading", { name: "Sign in" })).toBeVisible();
  expect(await faultsOf(page, "sign-in")).toEqual([]);
  const context = await signedInContext(browser, dashboard);
  const inside = await context.newPage();
  await inside.goto(`${dashboard.url}/hosts/mx1/queue?account=${stolen}`);
  await inside.getByRole("button", { name: "Purge" }).click();
  await expect(inside.getByRole("heading", { name: "Purge 40 messages" })).toBeVisible();
  expect(await faultsOf(inside, "purge preview")).toEqual([]);
  await context.close();
});

test("by keyboard alone: sign in, the queue, one account, the preview of its purge, and back", async ({
  page,
  dashboard,
}) => {
  const press = (key: string) => page.keyboard.press(key);
  const focused = page.locator(":focus");
  const tabTo = async (name: RegExp) => {
    for (let n = 0; n < 80; n += 1) {
      const label = await focused.evaluate((one) => one.getAttribute("aria-label") ?? one.textContent ?? "");
      if (name.test(label)) return;
      await press("Tab");
    }
    throw new Error(`no way by Tab to ${name}`);
  };
  await page.goto(`${dashboard.url}/sign-in`);
  await hydrated(page);
  await expect(page.getByLabel("E-mail")).toBeFocused();
  await page.keyboard.type(admin.email);
  await press("Tab");
  await page.keyboard.type(admin.password);
  await press("Enter");
  await expect(page.getByRole("heading", { name: "Overview" })).toBeVisible();
  await expect(page.getByRole("link", { name: "Queue of mx1.example.com" })).toBeVisible();
  await press("Tab");
  await tabTo(/^Skip to content$/);
  await press("Enter");
  await tabTo(/^Queue of mx1.example.com$/);
  await press("Enter");
  await expect(page.getByText("48 of 48 messages")).toBeVisible();
  await press("/");
  await expect(page.getByLabel("Search the queue")).toBeFocused();
  await page.keyboard.type(stolen);
  await expect(page.getByText("40 of 48 messages")).toBeVisible();
  await tabTo(/^Purge$/);
  await press("Enter");
  const dialog = page.getByRole("dialog");
  await expect(dialog.getByRole("heading", { name: "Purge 40 messages" })).toBeVisible();
  await tabTo(/^Cancel$/);
  await press("Escape");
  await expect(dialog).toBeHidden();
  await expect(page.getByRole("button", { name: "Purge" })).toBeFocused();
});

test("rows do not move under the pointer: newer numbers wait for a press", async ({ signedIn: page, mailhost }) => {
  const rows = page.getByRole("table", { name: "Accounts" }).getByRole("row");
  // The alerts stand above the table, and could come after it.
  const alerts = page.waitForResponse(/\/api\/alerts/);
  await page.reload();
  await (await alerts).finished();
  await expect(rows).toHaveCount(5);
  const second = rows.nth(2);
  await second.hover();
  let last = "";
  const place = await until(
    () => second.boundingBox(),
    (box) => {
      const rests = JSON.stringify(box) === last;
      last = JSON.stringify(box);
      return box !== null && rests;
    },
  );
  const text = await second.getByRole("link").textContent();
  // The last becomes the first.
  await honest(mailhost, { messages: 60, accounts: ["idle@example.com"] });
  const newer = page.getByRole("button", { name: "Newer numbers" });
  await expect(newer).toBeVisible();
  expect(await second.boundingBox()).toEqual(place);
  await expect(second.getByRole("link")).toHaveText(text ?? "");
  await newer.click();
  await expect(rows.nth(1)).toContainText("idle@example.com");
});

test("the first load of each page is under 180 KB of compressed script", async ({ browser, dashboard }) => {
  const sizes: Record<string, number> = {};
  for (const path of ["/sign-in", "/set-up", ...pages.map(([path]) => path)]) {
    if (path.includes("?")) continue;
    const context =
      path.startsWith("/s") && path !== "/settings"
        ? await browser.newContext()
        : await signedInContext(browser, dashboard);
    const page = await context.newPage();
    const scripts: Promise<number>[] = [];
    page.on("requestfinished", (request) => {
      if (request.resourceType() === "script") scripts.push(request.sizes().then((size) => size.responseBodySize));
    });
    await page.goto(dashboard.url + path.replace("INCIDENT", incident));
    await page.waitForLoadState("load");
    await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
    sizes[path] = (await Promise.all(scripts)).reduce((sum, size) => sum + size, 0);
    await context.close();
  }
  for (const [path, size] of Object.entries(sizes)) {
    expect(size, `${path} loads script`).toBeGreaterThan(10_000);
    expect(size, `${path}: bytes of compressed script`).toBeLessThan(180 * 1024);
  }
});

/** Its timeline and sessions are fetched when they come into view. */
async function wholeAccount(page: Page): Promise<void> {
  await expect(page.getByRole("heading", { name: "Numbers" })).toBeVisible();
  // A turn of the wheel before the page has its length moves nothing.
  await expect(async () => {
    await page.mouse.wheel(0, 10_000);
    await expect(page.getByRole("table", { name: "Sessions" })).toBeVisible({ timeout: 2000 });
  }).toPass({ timeout: 60_000 });
  await page.mouse.wheel(0, -10_000);
}

async function faultsOf(page: Page, where: string, rules?: string[]): Promise<string[]> {
  // The pages have no frames, so one pass in the page itself tells all, without a second page to gather it in.
  const axe = new AxeBuilder({ page }).setLegacyMode(true);
  axe.options({ resultTypes: ["violations"], ...(rules && { runOnly: { type: "rule", values: rules } }) });
  const { violations } = await axe.analyze();
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${where}: ${id} at ${target.join(" ")}: ${failureSummary}`),
  );
}

const sideways = (page: Page) =>
  page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);

async function signedInContext(browser: import("@playwright/test").Browser, dashboard: Dashboard) {
  const context = await browser.newContext({ viewport: desktop });
  const answer = await context.request.post(`${dashboard.url}/api/auth/sign-in/email`, {
    data: admin,
    headers: { origin: dashboard.url },
  });
  expect(answer.ok()).toBe(true);
  return context;
}
