import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const root = fileURLToPath(new URL("../../..", import.meta.url));

/** Bundles the reading thread's program to build/collect-worker.mjs; DuckDB and the country database stay packages. */
export async function buildWorker(outfile = join(root, "build", "collect-worker.mjs")) {
  await build({
    entryPoints: [join(root, "lib/server/collect/worker.ts")],
    outfile,
    bundle: true,
    platform: "node",
    target: "node20",
    format: "esm",
    conditions: ["react-server"],
    external: ["@duckdb/node-api", "@duckdb/node-bindings", "maxmind"],
    banner: {
      js: 'import { createRequire as requireFrom } from "node:module"; const require = requireFrom(import.meta.url);',
    },
    sourcemap: "inline",
    logLevel: "warning",
  });
  return outfile;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) console.log(await buildWorker());
