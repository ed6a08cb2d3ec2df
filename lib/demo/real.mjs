// `npm run demo -- --real`: the real test mail host, a process of its own, with an attack and honest mail going on.
import { spawn, spawnSync } from "node:child_process";

/** Starts it; answers the entries of SLUICE_HOSTS. It ends with this process, and this process waits for its end. */
export async function startReal() {
  process.stdout.write("Starting a real Postfix, Dovecot and sshd of its own …\n");
  const args = ["--import", "tsx", "e2e/mailhost/main.ts", "start", "--name", "mx1", "--attack"];
  // A group of its own: Ctrl-C reaches it through this process, after the dashboard has let go of the host.
  const child = spawn(process.execPath, args, { stdio: ["pipe", "pipe", "inherit"], detached: true });
  process.once("exit", () => {
    child.kill("SIGTERM");
    spawnSync("tail", ["-f", "--pid", String(child.pid), "/dev/null"], { timeout: 10_000 });
  });
  const info = JSON.parse(await firstLine(child));
  child.once("exit", (code) => process.stderr.write(`The mail host has ended (${code}).\n`));
  child.unref();
  return {
    hosts: [
      {
        id: info.name,
        name: `${info.name}.example.com (a real Postfix under attack)`,
        address: "127.0.0.1",
        port: info.sshPort,
        user: info.user,
        privateKey: info.clientKeyPath,
        hostKey: info.hostKey,
        log: info.logPath,
      },
    ],
  };
}

function firstLine(child) {
  return new Promise((resolve, reject) => {
    let text = "";
    child.stdout.on("data", (bytes) => {
      text += bytes;
      if (text.includes("\n")) resolve(text.slice(0, text.indexOf("\n")));
    });
    child.once("exit", (code) => reject(new Error(`the mail host ended with ${code}`)));
  });
}
