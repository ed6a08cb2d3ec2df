import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach } from "vitest";
import { log } from "./log";
import { closeState } from "./state";

/** For unit tests: before each test a data folder of its own, and a process that knows nothing of the test before. */
export function freshState(variables: Record<string, string> = {}): { folder: string } {
  const given = { folder: "" };
  beforeEach(() => {
    log.level = "silent";
    given.folder = mkdtempSync(join(tmpdir(), "sluice-test-"));
    (globalThis as { sluiceSingletons?: Map<string, unknown> }).sluiceSingletons?.clear();
    Object.assign(process.env, { SLUICE_DATA_DIR: given.folder, ...variables });
  });
  afterEach(() => {
    closeState();
    rmSync(given.folder, { recursive: true });
  });
  return given;
}
