import type { NextConfig } from "next";

const config: NextConfig = {
  distDir: process.env.SLUICE_DIST ?? ".next",
  serverExternalPackages: [
    "ssh2",
    "libsql",
    "@duckdb/node-api",
    "@duckdb/node-bindings",
    "pino",
    "better-auth",
    "kysely",
    "maxmind",
  ],
  poweredByHeader: false,
  reactStrictMode: true,
  headers: async () => [
    {
      source: "/:path*",
      headers: [
        { key: "X-Content-Type-Options", value: "nosniff" },
        { key: "Referrer-Policy", value: "same-origin" },
        { key: "X-Frame-Options", value: "DENY" },
        { key: "Cross-Origin-Opener-Policy", value: "same-origin" },
      ],
    },
    // Answers of the API are data, also where a browser is made to open one as a page. Pages: proxy.ts.
    {
      source: "/api/:path*",
      headers: [{ key: "Content-Security-Policy", value: "default-src 'none'; frame-ancestors 'none'" }],
    },
  ],
};

export default config;
