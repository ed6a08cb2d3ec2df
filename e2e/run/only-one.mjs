// Two runs in one folder would build and write over one another.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** Ends the process with a sentence when another one runs `what` in this folder, or when the folder cannot be written. */
export function onlyOne(what) {
  const file = join("build", `${what.replaceAll(/\W+/g, "-")}.pid`);
  try {
    mkdirSync("build", { recursive: true });
    for (let tries = 0; tries < 2; tries += 1) {
      try {
        writeFileSync(file, String(process.pid), { flag: "wx" });
        process.once("exit", () => rmSync(file, { force: true }));
        return;
      } catch (error) {
        if (error.code !== "EEXIST") throw error;
      }
      const other = readFileSync(file, "utf8");
      if (isRunning(Number(other), what))
        return fail(`${what} runs in this folder already, as process ${other}. Wait for it, or end it.`);
      // Left by a run that was killed.
      rmSync(file, { force: true });
    }
    fail(`${what} is being started in this folder by somebody else. Try again.`);
  } catch (error) {
    fail(`${process.cwd()} cannot be written (${error.message}). ${what} needs a folder of your own, with space left.`);
  }
}

function isRunning(pid, what) {
  try {
    process.kill(pid, 0);
    // A pid is used again after a while: it must be a program of this folder.
    return readFileSync(`/proc/${pid}/cmdline`, "utf8").includes(what.split(" ").at(-1));
  } catch (error) {
    return error.code === "EPERM";
  }
}

function fail(sentence) {
  process.stderr.write(`${sentence}\n`);
  process.exit(2);
}
