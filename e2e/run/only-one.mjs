// Two commands in one folder would install, build and write over one another. Plain JavaScript: this runs before npm
// packages exist.
import { mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fail } from "./room.mjs";

/** Ends the process with a sentence when another one runs `what` in this folder. */
export function onlyOne(what) {
  const other = hold(what);
  if (other) fail(`${what} runs in this folder already, as process ${other}. Wait for it, or end it.`);
}

/** Does what changes node_modules or the build when nobody else does; answers what `work` does. */
export function afterOthers(work) {
  const name = "setting-up";
  let told = false;
  for (let other = hold(name); other; other = hold(name)) {
    if (!told) process.stdout.write(`Process ${other} is installing or building in this folder; waiting for it …\n`);
    told = true;
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 500);
  }
  try {
    return work();
  } finally {
    rmSync(fileOf(name), { force: true });
  }
}

const fileOf = (name) => join("build", `${name.replaceAll(/\W+/g, "-")}.pid`);

/** Null when the name is this process's now, until its end; otherwise the process that has it. */
function hold(name) {
  const file = fileOf(name);
  for (;;) {
    try {
      mkdirSync("build", { recursive: true });
      writeFileSync(file, String(process.pid), { flag: "wx" });
      process.once("exit", () => release(file));
      return null;
    } catch (error) {
      if (error.code !== "EEXIST")
        fail(`${process.cwd()} cannot be written (${error.code}). Put Sluice into a folder of your own.`);
    }
    const other = holder(file);
    if (other) return other;
    // Left by a process that was killed.
    rmSync(file, { force: true });
  }
}

function release(file) {
  if (holder(file) === process.pid) rmSync(file, { force: true });
}

/** The process named by the file if it lives. A pid is used again after a while; nobody holds a name for two hours. */
function holder(file) {
  try {
    const pid = Number(readFileSync(file, "utf8"));
    if (pid === process.pid) return pid;
    const age = Date.now() - statSync(file).mtimeMs;
    // Made, and not written to yet.
    if (pid === 0) return age < 5000 ? "unknown" : null;
    return age < 7_200_000 && lives(pid) ? pid : null;
  } catch {
    return null;
  }
}

function lives(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === "EPERM";
  }
}
