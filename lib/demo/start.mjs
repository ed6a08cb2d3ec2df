// `npm run demo`: the dashboard against mail hosts with an attack under way, on loopback, with a throw-away data folder.
// `npm run demo -- --real` uses the real test mail host instead (Debian, as root).
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "../../e2e/run/build.mjs";
import { ensureDebian, ensureNpm, ensureRoot } from "../../e2e/run/packages.mjs";
import { ensureRoomForTemporary } from "../../e2e/run/room.mjs";

const real = process.argv.includes("--real");
if (real) ensureRoot("npm run demo -- --real starts a real mail host, which");
ensureNpm();
if (real) ensureDebian("mailhost");
if (!build()) {
  process.stderr.write("The build failed (see above); the demo was not started.\n");
  process.exit(1);
}

ensureRoomForTemporary(200);
const dir = mkdtempSync(join(tmpdir(), "sluice-demo-"));
process.once("exit", () => {
  try {
    rmSync(dir, { recursive: true, force: true, maxRetries: 5 });
  } catch (error) {
    // Windows keeps a file that some other program has open.
    process.stderr.write(`${dir} could not be removed: ${error.message}\n`);
  }
});
// Once the server is up it ends by itself, in order and within seconds (background.ts): npm and an impatient hand signal
// twice. Before that, a signal ends the process at once.
let up = false;
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"])
  process.on(signal, () => {
    if (!up) process.exit(130);
    // Told to the listeners: on Windows kill would end the process at once.
    if (signal === "SIGHUP") process.emit("SIGTERM");
  });

const { hosts } = real ? await (await import("./real.mjs")).startReal() : await embedded(dir);
const hostsFile = join(dir, "hosts.json");
writeFileSync(hostsFile, JSON.stringify(hosts), { mode: 0o600 });
const port = process.env.PORT || String(await freePort(3000));
const admin = { email: "demo@example.com", password: "demo-sluice-demo" };
Object.assign(process.env, {
  PORT: port,
  // Its password is public: it listens where nobody else can reach it.
  HOSTNAME: "127.0.0.1",
  SLUICE_URL: `http://127.0.0.1:${port}`,
  SLUICE_DATA_DIR: join(dir, "data"),
  SLUICE_HOSTS: hostsFile,
  SLUICE_ADMIN_EMAIL: admin.email,
  SLUICE_ADMIN_PASSWORD: admin.password,
  SLUICE_DEMO: "1",
  SLUICE_LOG_LEVEL: process.env.SLUICE_LOG_LEVEL ?? "error",
});
const { serve } = await import("../server/serve.mjs");
await serve();
await healthy(port);
up = true;
process.stdout.write(`
  ┌──────────────────────────────────────────────────────────┐
  │  Sluice, the demo: an attack is under way                │
  │                                                          │
  │  Open      ${`http://127.0.0.1:${port}`.padEnd(46)}│
  │  Sign in   ${admin.email.padEnd(46)}│
  │  Password  ${admin.password.padEnd(46)}│
  │                                                          │
  │  Ctrl-C ends it; nothing of it is kept.                  │
  └──────────────────────────────────────────────────────────┘
`);

/** The embedded hosts, in a thread of this process. */
async function embedded(into) {
  const { Worker } = await import("node:worker_threads");
  const worker = new Worker(new URL("../../build/demo-hosts.cjs", import.meta.url), { workerData: { dir: into } });
  const found = await new Promise((resolve, reject) => {
    worker.once("message", resolve);
    worker.once("error", reject);
  });
  worker.on("error", (error) => process.stderr.write(`A demo host failed: ${error.stack}\n`));
  worker.unref();
  return { hosts: found };
}

/** The port if it is free on loopback, otherwise one that is. */
function freePort(wanted) {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once("error", () => resolve(freePort(0)));
    probe.listen(wanted, "127.0.0.1", () => {
      const { port: found } = probe.address();
      probe.close(() => resolve(found));
    });
  });
}

async function healthy(at) {
  for (let tries = 0; tries < 300; tries++) {
    const answer = await fetch(`http://127.0.0.1:${at}/api/health`).catch(() => null);
    if (answer?.ok && (await answer.json()).status === "ok") return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
