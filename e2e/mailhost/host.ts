import { type ChildProcess, execFile, spawn } from "node:child_process";
import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { type Account, accountsOf } from "./dovecot-config";
import { makeFolders } from "./folders";
import { defaults, type MailHostOptions, type RelayMode } from "./options";
import { freePorts } from "./ports";

const run = promisify(execFile);

/** What a client needs to reach a mail host; the one line of JSON that the command prints. */
export type MailHostInfo = {
  name: string;
  dir: string;
  /** Pid, as the machine sees it, of the host's first process: `nsenter --target PID --mount --pid --uts --root`. */
  namespacePid: number;
  sshPort: number;
  smtpPort: number;
  submissionPort: number;
  /** null where dovecot-imapd is not installed. */
  imapPort: number | null;
  /** The second instance's SMTP port, null with one instance. */
  outPort: number | null;
  relayPort: number;
  hostKey: string;
  clientKeyPath: string;
  user: "root";
  sudoUser: "sluice";
  /** As the host sees it; null with --log journal. */
  logPath: string | null;
  accounts: Account[];
  /** As the machine sees it: one file a message that the relay took. */
  sinkDir: string;
};

export type MailHost = MailHostInfo & {
  /** Runs a shell command as root on the host, not over SSH. Rejects when it exits non-zero. */
  exec(command: string, args?: readonly string[]): Promise<string>;
  relay(mode: RelayMode): Promise<void>;
  stop(): Promise<void>;
};

/** What runs on the host gets: the machine's own TZ, locale and folder for temporary files do not reach it. */
export const hostEnv: NodeJS.ProcessEnv = {
  NODE_ENV: process.env.NODE_ENV,
  PATH: "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
  LC_ALL: "C",
  // By this the run's end finds what it has left (e2e/run/registry.mjs).
  ...(process.env.SLUICE_RUN && { SLUICE_RUN: process.env.SLUICE_RUN }),
};
const here = new URL(".", import.meta.url).pathname;

/** Starts a host and resolves when it takes mail and SSH. Needs root. It ends with this process, whatever ends that. */
export async function startMailHost(asked: Partial<MailHostOptions> = {}): Promise<MailHost> {
  const options = { ...defaults, ...asked };
  if (process.getuid?.() !== 0) throw new Error("a mail host needs root (mount namespaces); run as root");
  const [ssh, smtp, submission, relay, out, imap] = (await freePorts(6)) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  const ports = { ssh, smtp, submission, relay, out, imap };
  const { dir, hostKey } = makeFolders(options, ports);
  const init = [
    join(here, "init.sh"),
    dir,
    options.name,
    options.log,
    options.relay,
    String(relay),
    String(options.instances),
  ];
  // The outer shell outlives this process for a moment, in a group of its own: it removes the folder when the
  // namespace has ended, and that ends as soon as this process's end of the pipe closes.
  const child = spawn(
    "sh",
    [
      "-c",
      'trap : INT TERM HUP; dir=$1; shift; unshare --mount --pid --uts --ipc --fork --kill-child sh "$@"; code=$?; rm -rf "$dir"; exit $code',
      "mailhost",
      dir,
      ...init,
    ],
    { stdio: ["pipe", "pipe", "pipe"], detached: true, env: hostEnv },
  );
  await ready(child);
  const info: MailHostInfo = {
    name: options.name,
    dir,
    namespacePid: initPid(child.pid ?? 0),
    sshPort: ssh,
    smtpPort: smtp,
    submissionPort: submission,
    imapPort: existsSync("/usr/lib/dovecot/imap-login") ? imap : null,
    outPort: options.instances === 2 ? out : null,
    relayPort: relay,
    hostKey,
    clientKeyPath: join(dir, "client_key"),
    user: "root",
    sudoUser: "sluice",
    logPath: options.log === "journal" ? null : "/var/log/mail.log",
    accounts: accountsOf(options),
    sinkDir: join(dir, "var/sink"),
  };
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  const stop = async () => {
    child.stdin?.end();
    await ended;
    rmSync(dir, { recursive: true, force: true });
  };
  return { ...attach(info), stop };
}

/** The same handle on a host that another process started; its `stop` does nothing. */
export function attach(info: MailHostInfo): MailHost {
  const exec = async (command: string, args: readonly string[] = []) => {
    const enter = ["--target", String(info.namespacePid), "--mount", "--pid", "--uts", "--ipc"];
    const { stdout } = await run("nsenter", [...enter, "sh", "-c", command, "sh", ...args], {
      maxBuffer: 1 << 30,
      env: hostEnv,
    });
    return stdout;
  };
  return {
    ...info,
    exec,
    relay: async (mode) => void (await exec(`/etc/mailhost/relay.sh ${mode} ${info.relayPort}`)),
    stop: async () => {},
  };
}

function ready(child: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    let out = "";
    let problems = "";
    child.stderr?.on("data", (bytes) => {
      problems = (problems + bytes).slice(-4000);
    });
    child.stdout?.on("data", (bytes) => {
      out += bytes;
      if (out.includes("ready\n")) resolve();
    });
    child.once("exit", (code) => reject(new Error(`the mail host did not start (exit ${code}): ${problems}`)));
  });
}

/** The outer shell's child is unshare, and unshare's child is pid 1 of the namespace. */
function initPid(shell: number): number {
  const childOf = (parent: number): number => {
    for (const entry of readdirSync("/proc")) {
      if (!/^\d+$/.test(entry)) continue;
      try {
        const stat = readFileSync(`/proc/${entry}/stat`, "utf8");
        if (Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1]) === parent) return Number(entry);
      } catch {
        // The process ended between the listing and the look.
      }
    }
    throw new Error(`process ${parent} has no child`);
  };
  return childOf(childOf(shell));
}
