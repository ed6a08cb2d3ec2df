import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const root = fileURLToPath(new URL("../..", import.meta.url));

// Bundles the demo's hosts to build/demo-hosts.cjs; ssh2 stays a package.
await build({
  entryPoints: [join(root, "lib/demo/worker.ts")],
  outfile: join(root, "build", "demo-hosts.cjs"),
  bundle: true,
  platform: "node",
  target: "node20",
  format: "cjs",
  conditions: ["react-server"],
  external: ["ssh2"],
  // main.ts asks whether it was started by itself; in a thread it was not.
  logOverride: { "empty-import-meta": "silent" },
  logLevel: "warning",
});
