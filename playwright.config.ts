import { defineConfig } from "@playwright/test";

const report = process.env.PLAYWRIGHT_JSON_OUTPUT_NAME;

export default defineConfig({
  testDir: "e2e",
  testMatch: "**/*.spec.ts",
  timeout: 300_000,
  expect: { timeout: 60_000 },
  workers: 1,
  // Each in a new worker with new fixtures. What passes then is named as unsteady (e2e/run/test.mjs).
  retries: 2,
  forbidOnly: Boolean(process.env.CI),
  reporter: report ? [["list"], ["json", { outputFile: report }]] : [["list"]],
  use: {
    actionTimeout: 60_000,
    trace: "retain-on-failure",
    launchOptions: {
      executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
      args: [
        "--no-sandbox",
        "--disable-gpu",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
      ],
    },
  },
});
