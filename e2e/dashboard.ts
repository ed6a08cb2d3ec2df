import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { MailHost, MailHostInfo } from "./mailhost/host";
import { freePorts } from "./mailhost/ports";

/** One entry of the JSON file that SLUICE_HOSTS names. */
export type HostEntry = {
  id: string;
  name: string;
  address: string;
  port: number;
  user: string;
  privateKey: string;
  hostKey: string;
  log?: string;
};

export const admin = { email: "admin@example.com", password: "correct horse battery staple" } as const;

export type Dashboard = {
  url: string;
  pid: number;
  dataDir: string;
  /** What the process printed so far. */
  output(): string;
  /** A call as the admin, by session cookie. */
  call(method: string, path: string, body?: unknown): Promise<Response>;
  /** The same, JSON expected; rejects with status and text when it is not a 2xx. */
  json<T = unknown>(method: string, path: string, body?: unknown): Promise<T>;
  /** SIGKILL, the data folder kept; `start` again with the same one to see what survived. */
  kill(): Promise<void>;
  stop(): Promise<void>;
};

export function hostEntry(host: MailHostInfo, change: Partial<HostEntry> = {}): HostEntry {
  return {
    id: host.name,
    name: `${host.name}.example.com`,
    address: "127.0.0.1",
    port: host.sshPort,
    user: host.user,
    privateKey: host.clientKeyPath,
    hostKey: host.hostKey,
    ...(host.logPath ? { log: host.logPath } : { log: "journal" }),
    ...change,
  };
}

/** The server in a group of its own; the shell ends the whole group when this process's end of the pipe closes. */
const leash =
  'exec 3<&0; "$@" </dev/null & p=$!; (cat <&3 >/dev/null; kill -TERM $p; sleep 5; kill -KILL 0) & wait $p; kill -KILL 0';

/** Starts the built dashboard by the command of `npm start` and resolves when /api/health answers. */
export async function startDashboard(
  hosts: readonly (MailHost | MailHostInfo | HostEntry)[],
  options: { dataDir?: string; env?: Record<string, string>; port?: number } = {},
): Promise<Dashboard> {
  const dataDir = options.dataDir ?? mkdtempSync(join(tmpdir(), "sluice-data-"));
  const port = options.port ?? ((await freePorts(1))[0] as number);
  const url = `http://127.0.0.1:${port}`;
  const hostsFile = join(dataDir, "hosts.json");
  writeFileSync(hostsFile, JSON.stringify(hosts.map((host) => ("sshPort" in host ? hostEntry(host) : host))), {
    mode: 0o600,
  });
  const command: string =
    JSON.parse(readFileSync("package.json", "utf8")).scripts?.start ?? "node lib/server/start.mjs";
  const child = spawn("sh", ["-c", leash, "dashboard", "sh", "-c", `exec ${command}`], {
    detached: true,
    stdio: ["pipe", "pipe", "pipe"],
    env: {
      ...process.env,
      NODE_ENV: "production",
      PORT: String(port),
      HOSTNAME: "127.0.0.1",
      SLUICE_DATA_DIR: dataDir,
      SLUICE_URL: url,
      SLUICE_ADMIN_EMAIL: admin.email,
      SLUICE_ADMIN_PASSWORD: admin.password,
      SLUICE_HOSTS: hostsFile,
      ...options.env,
    },
  });
  let printed = "";
  let exited = false;
  const ended = new Promise<void>((resolve) => {
    child.once("exit", () => {
      exited = true;
      resolve();
    });
  });
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on("data", (bytes) => {
      printed = (printed + bytes).slice(-200_000);
    });
  }
  child.stdin?.on("error", () => {});

  const kill = async () => {
    if (!exited) process.kill(-(child.pid ?? 0), "SIGKILL");
    await ended;
  };
  const stop = async () => {
    child.stdin?.end();
    await ended;
    if (!options.dataDir) rmSync(dataDir, { recursive: true, force: true });
  };
  const until = Date.now() + 60_000;
  for (;;) {
    const health = await fetch(`${url}/api/health`).catch(() => null);
    if (health?.ok) break;
    if (exited || Date.now() > until) {
      await kill();
      throw new Error(
        `the dashboard did not become healthy (${exited ? "it ended" : "60 s"}):\n${printed.slice(-4000)}`,
      );
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }

  let cookie: string | null = null;
  const call = async (method: string, path: string, body?: unknown) => {
    cookie ??= await signIn(url);
    const headers: Record<string, string> = { cookie, origin: url };
    if (body !== undefined) headers["content-type"] = "application/json";
    return fetch(url + path, { method, headers, ...(body !== undefined && { body: JSON.stringify(body) }) });
  };
  const json = async <T>(method: string, path: string, body?: unknown): Promise<T> => {
    const answer = await call(method, path, body);
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
    return (await answer.json()) as T;
  };
  return { url, pid: child.pid ?? 0, dataDir, output: () => printed, call, json, kill, stop };
}

/** The session's cookie, as the header `cookie` takes it. */
export async function signIn(url: string, who: { email: string; password: string } = admin): Promise<string> {
  const answer = await fetch(`${url}/api/auth/sign-in/email`, {
    method: "POST",
    headers: { "content-type": "application/json", origin: url },
    body: JSON.stringify(who),
  });
  if (!answer.ok) throw new Error(`sign-in: ${answer.status} ${await answer.text()}`);
  return answer.headers
    .getSetCookie()
    .map((line) => line.split(";")[0])
    .join("; ");
}
