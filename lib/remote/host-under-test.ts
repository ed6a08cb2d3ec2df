import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { hostEnv } from "../../e2e/mailhost/host";
import { HostConnection } from "./connection";

/** For *.host.test.ts: a real mail host of e2e/mailhost, started by its command, and eyes on it that are not the product's. */
export type HostUnderTest = {
  conn: HostConnection;
  sshPort: number;
  submissionPort: number;
  hostKey: string;
  keyText: string;
  accounts: { login: string; password: string }[];
  /** Runs a shell command as root on the host, not over SSH. */
  exec(command: string): string;
  /** Runs host.sh on the host with exactly this stdin; answers its stdout. */
  raw(verb: string, stdin: Buffer): string;
  stop(): Promise<void>;
};

export async function hostUnderTest(...options: string[]): Promise<HostUnderTest> {
  const child = spawn(process.execPath, ["--import", "tsx", "e2e/mailhost/main.ts", "start", ...options], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  const info = JSON.parse(await firstLine(child));
  const enter = ["--target", String(info.namespacePid), "--mount", "--pid", "--uts", "--ipc"];
  const keyText = readFileSync(info.clientKeyPath, "utf8");
  const script = readFileSync("lib/remote/host.sh", "utf8");
  const conn = new HostConnection({
    address: "127.0.0.1",
    port: info.sshPort,
    user: "root",
    privateKey: keyText,
    hostKey: info.hostKey,
    lockedDown: false,
  });
  return {
    ...info,
    conn,
    keyText,
    exec: (command) =>
      execFileSync("nsenter", [...enter, "sh", "-c", command], {
        encoding: "utf8",
        maxBuffer: 1 << 28,
        env: hostEnv,
      }),
    raw: (verb, stdin) => {
      try {
        return execFileSync("nsenter", [...enter, "sh", "-c", script, "sluice", verb], {
          input: stdin,
          env: hostEnv,
          encoding: "utf8",
          stdio: ["pipe", "pipe", "ignore"],
        });
      } catch (error) {
        return String((error as { stdout?: string }).stdout ?? "");
      }
    },
    stop: async () => {
      conn.end();
      const ended = new Promise((resolve) => child.once("exit", resolve));
      child.stdin?.end();
      await ended;
    },
  };
}

function firstLine(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = "";
    child.stdout?.on("data", (chunk) => {
      text += chunk;
      if (text.includes("\n")) resolve(text.slice(0, text.indexOf("\n")));
    });
    child.once("exit", (code) => reject(new Error(`the mail host ended with ${code}`)));
  });
}
