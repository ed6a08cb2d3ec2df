import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { attach, type MailHost, type MailHostInfo } from "../../../e2e/mailhost/host";
import { startHosts, stopHosts } from "../hosts/registry";
import { closeState, state } from "../state";
import { getAction, runPlan } from "./actions";
import { startBackgroundActions, stopBackgroundActions } from "./background";
import { hostIdle } from "./runner";

/** For host tests: a real mail host of its own (a child process), known to Sluice as `mx`, and a data folder. */
export async function mailHost(options: string[] = []): Promise<{ host: MailHost; end: () => Promise<void> }> {
  const child = spawn(process.execPath, ["--import", "tsx", "e2e/mailhost/main.ts", "start", ...options], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  const info = await new Promise<MailHostInfo>((resolve, reject) => {
    let text = "";
    child.stdout.on("data", (bytes) => {
      text += bytes;
      if (text.includes("\n")) resolve(JSON.parse(text));
    });
    child.once("exit", (code) => reject(new Error(`the mail host did not start (${code})`)));
  });
  const folder = mkdtempSync(join(tmpdir(), "sluice-actions-"));
  const file = join(folder, "hosts.json");
  const { name, sshPort: port, clientKeyPath: privateKey, hostKey, logPath } = info;
  writeFileSync(
    file,
    JSON.stringify([{ id: "mx", name, address: "127.0.0.1", port, user: "root", privateKey, hostKey, log: logPath }]),
  );
  Object.assign(process.env, {
    SLUICE_DATA_DIR: folder,
    SLUICE_HOSTS: file,
    SLUICE_LOG_LEVEL: process.env.SLUICE_LOG_LEVEL ?? "error",
  });
  startHosts();
  startBackgroundActions();
  const end = async () => {
    await stopBackgroundActions();
    stopHosts();
    closeState();
    const ended = new Promise((resolve) => child.once("exit", resolve));
    child.kill("SIGTERM");
    await ended;
    rmSync(folder, { recursive: true });
  };
  return { host: attach(info), end };
}

/** Runs a plan to its end. */
export async function runToEnd(plan: { id: string; confirm: string | null }) {
  const { id } = await runPlan(
    { plan: plan.id, ...(plan.confirm === null ? {} : { confirm: plan.confirm }) },
    "a@b.test",
  );
  await hostIdle("mx");
  return getAction(id);
}

/** Outcomes with what was said of them, for a test's message. */
export const said = (action: string) =>
  state().sqlite.all(
    "SELECT outcome, stage, said, count(*) AS n FROM action_items WHERE action = ? GROUP BY 1, 2, 3",
    action,
  );

/** pickup(8) looks for requeued mail once a minute, or when it is told to. */
export const wakePickup = (host: MailHost) =>
  host.exec(
    `perl -MIO::Socket::UNIX -e 'print {IO::Socket::UNIX->new(Peer => "/var/spool/postfix/public/pickup")} "W"'`,
  );
