import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

export default defineConfig({
  resolve: {
    alias: [
      // Next's guard against server code in a browser; outside Next it throws.
      { find: /^server-only$/, replacement: here("./node_modules/server-only/empty.js") },
      { find: /^@\//, replacement: here("./") },
    ],
  },
  test: {
    projects: [
      {
        extends: true,
        test: {
          name: "unit",
          include: ["{lib,e2e/run}/**/*.test.{ts,tsx}", "app/**/*.test.{ts,tsx}", "components/**/*.test.{ts,tsx}"],
          exclude: ["**/*.host.test.ts", "**/node_modules/**"],
          maxWorkers: 2,
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
      {
        extends: true,
        test: {
          name: "host",
          include: ["**/*.host.test.ts"],
          exclude: ["**/node_modules/**", ".next/**"],
          // Each file starts mail hosts and dashboards of its own, and one of those fills a small machine's two cores.
          maxWorkers: 1,
          testTimeout: 240_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
});
