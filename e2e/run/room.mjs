// Whether there is a place to write to and room in it, said in one line before the work begins and not by a stack trace in
// its middle. Plain JavaScript: this runs before npm packages exist.
import { rmSync, statfsSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

/** Ends the process with a sentence and code 2. */
export function fail(sentence) {
  process.stderr.write(`${sentence}\n`);
  process.exit(2);
}

/** A program ended by Ctrl-C is no failure to explain: this process ends in the same way. */
export function endIfInterrupted({ status, signal }) {
  if (signal === "SIGINT" || signal === "SIGTERM" || status === 130) process.exit(130);
}

/** For npm packages and the build. `megabytes` is what they take. */
export const ensureRoomHere = (megabytes) =>
  ensureRoom(process.cwd(), megabytes, "Put Sluice into a folder that you may write to");

/** For data, mail hosts and browsers that are thrown away. */
export const ensureRoomForTemporary = (megabytes) =>
  ensureRoom(tmpdir(), megabytes, "Name another folder for temporary files: TMPDIR=/some/folder");

function ensureRoom(folder, megabytes, otherwise) {
  const probe = join(folder, `.sluice-${process.pid}`);
  try {
    writeFileSync(probe, "sluice");
    rmSync(probe);
    const { bavail, bsize } = statfsSync(folder);
    const free = Math.floor((bavail * bsize) / 1e6);
    if (free < megabytes)
      fail(`${resolve(folder)} has ${free} MB free, and about ${megabytes} MB are needed. Make room. ${otherwise}.`);
  } catch (error) {
    const why = error.code === "ENOSPC" ? "has no space left. Make room" : `cannot be written (${error.code})`;
    fail(`${resolve(folder)} ${why}. ${otherwise}.`);
  }
}
