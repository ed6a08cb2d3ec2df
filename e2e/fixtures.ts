import { test as base, expect, type Page } from "@playwright/test";
import { admin, type Dashboard, startDashboard } from "./dashboard";
import { type MailHost, startMailHost } from "./mailhost/host";
import type { MailHostOptions } from "./mailhost/options";
import { oracle } from "./mailhost/oracle";

type WorkerFixtures = {
  /**
   * `test.use({ mailhostOptions: [[{ name: "mx1" }, { name: "mx2" }], { scope: "worker" }] })`. A file that says nothing
   * shares one plain host with the others that say nothing.
   */
  mailhostOptions: Partial<MailHostOptions>[];
  mailhosts: MailHost[];
  dashboard: Dashboard;
};

type TestFixtures = {
  /** The first mail host. */
  mailhost: MailHost;
  look: ReturnType<typeof oracle>;
  /** A page with an admin's session, on the overview. */
  signedIn: Page;
};

/** Real mail hosts and one dashboard for each file with options of its own; both end with its worker, whatever the tests did. */
export const test = base.extend<TestFixtures, WorkerFixtures>({
  mailhostOptions: [[{}], { scope: "worker", option: true }],
  mailhosts: [
    async ({ mailhostOptions }, use) => {
      const hosts = await Promise.all(mailhostOptions.map((options) => startMailHost(options)));
      await use(hosts);
      await Promise.all(hosts.map((host) => host.stop()));
    },
    { scope: "worker", timeout: 180_000 },
  ],
  dashboard: [
    async ({ mailhosts }, use) => {
      const dashboard = await startDashboard(mailhosts);
      await use(dashboard);
      await dashboard.stop();
    },
    { scope: "worker", timeout: 180_000 },
  ],
  mailhost: async ({ mailhosts }, use) => {
    await use(mailhosts[0] as MailHost);
  },
  look: async ({ mailhost }, use) => {
    await use(oracle(mailhost));
  },
  baseURL: async ({ dashboard }, use) => {
    await use(dashboard.url);
  },
  signedIn: async ({ page, dashboard }, use) => {
    const answer = await page.request.post(`${dashboard.url}/api/auth/sign-in/email`, {
      data: admin,
      headers: { origin: dashboard.url },
    });
    expect(answer.ok(), await answer.text()).toBe(true);
    await page.goto(dashboard.url);
    await use(page);
  },
});

export { expect };
