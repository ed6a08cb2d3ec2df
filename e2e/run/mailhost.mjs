// `npm run mailhost -- start …`: a real mail host in the foreground.
import { spawn } from "node:child_process";
import { ensureDebian, ensureNpm, ensureRoot } from "./packages.mjs";

ensureRoot("A mail host");
ensureNpm();
ensureDebian("mailhost");
const args = process.argv.slice(2);
const child = spawn(
  process.execPath,
  ["--import", "tsx", "e2e/mailhost/main.ts", ...(args.length > 0 ? args : ["start"])],
  {
    stdio: "inherit",
  },
);
for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => child.kill(signal));
child.on("exit", (code) => process.exit(code ?? 1));
