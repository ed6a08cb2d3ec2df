import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync } from "node:fs";
import { promisify } from "node:util";
import type { MailHostInfo } from "../mailhost/host";

/** Two ways of the same work, in seconds. */
export type Row = { what: string; ours: number; theirs: number; bound: number; note?: string };
/** A measure that has no hand's way beside it. */
export type Figure = { what: string; value: number; unit: string; bound: number; note?: string };

export async function timed<T>(work: () => Promise<T>): Promise<{ seconds: number; value: T }> {
  const started = process.hrtime.bigint();
  const value = await work();
  return { seconds: Number(process.hrtime.bigint() - started) / 1e9, value };
}

/** The hand's way: a command over the machine's own ssh client. What it prints is thrown away where `keep` is false. */
export async function bySsh(host: MailHostInfo, command: string, keep = true): Promise<string> {
  const options = [
    "-o",
    "BatchMode=yes",
    "-o",
    "StrictHostKeyChecking=no",
    "-o",
    "UserKnownHostsFile=/dev/null",
    "-o",
    "LogLevel=ERROR",
  ];
  const where = ["-i", host.clientKeyPath, "-p", String(host.sshPort), `${host.user}@127.0.0.1`];
  if (!keep) {
    const child = spawn("ssh", [...options, ...where, command], { stdio: ["ignore", "ignore", "inherit"] });
    await once(child, "exit");
    return "";
  }
  const { stdout } = await promisify(execFile)("ssh", [...options, ...where, command], { maxBuffer: 1 << 30 });
  return stdout;
}

/** Asks every `everyMs`. */
export async function waitFor<T>(
  what: string,
  look: () => Promise<T | null>,
  { withinMs = 600_000, everyMs = 25 } = {},
): Promise<T> {
  const until = Date.now() + withinMs;
  for (;;) {
    const seen = await look();
    if (seen !== null) return seen;
    if (Date.now() > until) throw new Error(`bench: ${what} did not happen within ${withinMs / 1000} s`);
    await new Promise((resolve) => setTimeout(resolve, everyMs));
  }
}

/** Highest resident size, in MB, of every process of a group since it began. */
export function peakMemory(group: number): number {
  let kilobytes = 0;
  for (const pid of readdirSync("/proc").filter((name) => /^\d+$/.test(name))) {
    try {
      const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
      if (Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[2]) !== group) continue;
      kilobytes += Number(/^VmHWM:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1] ?? 0);
    } catch {
      // The process ended between the listing and the look.
    }
  }
  return kilobytes / 1024;
}

/** The value that `share` (0 to 1) of all are not above. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * share) - 1)] ?? 0;
}

export function print(rows: readonly (Row | Figure)[]): void {
  for (const row of rows) {
    const { what, bound, note } = row;
    const paired = "ours" in row;
    const measured = paired ? row.ours / row.theirs : row.value;
    const verdict = measured <= bound ? "within" : "OVER";
    const figures = paired
      ? `sluice ${row.ours.toFixed(2)} s, by hand ${row.theirs.toFixed(2)} s, ratio ${measured.toFixed(2)}`
      : `${row.value.toFixed(row.value < 10 ? 2 : 0)} ${row.unit}`;
    process.stdout.write(`${what}: ${figures} (${verdict} the bound ${bound})${note ? `; ${note}` : ""}\n`);
  }
}
