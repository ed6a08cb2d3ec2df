// What a run makes: everything that it starts carries SLUICE_RUN in its environment and keeps its folders in TMPDIR, and
// both name one folder. So the run's end can look for itself, and end what is left.
import { spawn } from "node:child_process";
import { chmodSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** The folder of this run. A mail host's own users walk through it. */
export function openRun() {
  const folder = mkdtempSync(join(realpathSync(tmpdir()), "sluice-run-"));
  chmodSync(folder, 0o755);
  return { folder, env: { ...process.env, SLUICE_RUN: folder, TMPDIR: folder } };
}

/**
 * Runs a program in a process group of its own, so that Ctrl-C reaches this process alone and the end is orderly. Output
 * goes to `onOutput`. Resolves to the exit code, null when a signal ended it.
 */
export function start(run, command, args, { env = {}, onOutput }) {
  const child = spawn(command, args, {
    stdio: ["ignore", "pipe", "pipe"],
    detached: true,
    env: { ...run.env, ...env },
  });
  for (const stream of [child.stdout, child.stderr]) stream.on("data", onOutput);
  const ended = new Promise((resolve) => {
    child.once("error", (error) => {
      onOutput(`${command}: ${error.message}\n`);
      resolve(127);
    });
    child.once("close", (code) => resolve(code));
    // What a stage left running may hold its pipes open for ever.
    child.once("exit", (code) => setTimeout(() => resolve(code), 3000).unref());
  });
  const end = () => {
    try {
      process.kill(-child.pid, "SIGTERM");
    } catch {
      // It has ended.
    }
  };
  return { ended, end };
}

/** Ends what the run has left and removes its folder. Answers a line for each thing that was still there. */
export async function closeRun(run) {
  const processes = running(run.folder);
  const left = processes.map(({ pid, command }) => `process ${pid}: ${command}`);
  for (const signal of ["SIGTERM", "SIGKILL"]) {
    for (const { pid } of running(run.folder)) signalTo(pid, signal);
    for (let tries = 0; tries < 50 && running(run.folder).length > 0; tries += 1)
      await new Promise((resolve) => setTimeout(resolve, 100));
  }
  for (const place of mountsIn(run.folder)) left.push(`mount ${place}`);
  for (const name of readdirSync(run.folder)) if (!harmless.test(name)) left.push(`folder ${name}`);
  if (mountsIn(run.folder).length === 0) rmSync(run.folder, { recursive: true, force: true, maxRetries: 5 });
  return left;
}

/** What programs of others keep in the temporary folder, for as long as the run. */
const harmless = /^(tsx-\d+|node-compile-cache|\.org\.chromium\..*|playwright-transform-cache-\d+|v8-compile-cache.*)$/;

function running(folder) {
  const found = [];
  for (const name of readdirSync("/proc")) {
    if (!/^\d+$/.test(name) || Number(name) === process.pid) continue;
    try {
      if (!readFileSync(`/proc/${name}/environ`, "latin1").split("\0").includes(`SLUICE_RUN=${folder}`)) continue;
      const command = readFileSync(`/proc/${name}/cmdline`, "latin1").replaceAll("\0", " ").trim();
      if (command) found.push({ pid: Number(name), command: command.slice(0, 200) });
    } catch {
      // Ended while we looked.
    }
  }
  return found;
}

function mountsIn(folder) {
  return readFileSync("/proc/self/mounts", "latin1")
    .split("\n")
    .map((line) => line.split(" ")[1] ?? "")
    .filter((place) => place.startsWith(`${folder}/`));
}

function signalTo(pid, signal) {
  try {
    process.kill(pid, signal);
  } catch {
    // It has ended.
  }
}
