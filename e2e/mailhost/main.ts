/** `node --import tsx e2e/mailhost/main.ts start [options]`: a mail host in the foreground, until told or left alone. */
import { keepBusy } from "./background";
import { type MailHostInfo, startMailHost } from "./host";
import { parseOptions } from "./options";

const usage = `start [--name mx1] [--log traditional|syslog|rfc3339|journal] [--long-ids] [--relay closed|sink|slow]
      [--map lmdb|hash] [--instances 2] [--override] [--account LOGIN[:PASSWORD]] [--zone Europe/Berlin]
      [--attack]   an attack and honest mail in the background`;

async function main([command, ...args]: string[]): Promise<void> {
  if (command !== "start") throw new Error(`usage: ${usage}`);
  const busy = args.includes("--attack");
  const { exec, relay, stop, ...info } = await startMailHost(parseOptions(args.filter((arg) => arg !== "--attack")));
  process.stdout.write(`${JSON.stringify(info satisfies MailHostInfo)}\n`);
  if (process.stdout.isTTY) process.stderr.write(byHand(info));
  const ended = new AbortController();
  if (busy) void keepBusy(info, ended.signal);
  const end = async () => {
    ended.abort();
    await stop();
    process.exit(0);
  };
  for (const signal of ["SIGTERM", "SIGINT", "SIGHUP"] as const) process.once(signal, end);
  process.stdin.once("end", end).once("error", end).resume();
}

/** How to get at the host from the dashboard and from a shell. */
function byHand(info: MailHostInfo): string {
  return `
A mail host with an SSH server of its own, on loopback. In the dashboard: Hosts, Add host:
  address 127.0.0.1   SSH port ${info.sshPort}   user root, or ${info.sudoUser} (may use sudo)
  key file ${info.clientKeyPath}
By hand:
  ssh -i ${info.clientKeyPath} -p ${info.sshPort} root@127.0.0.1
  nsenter --target ${info.namespacePid} --mount --pid --uts --ipc sh
Mail in: port ${info.submissionPort}, logins ${info.accounts.map(({ login, password }) => `${login} (${password})`).join(", ")}
Ctrl-C ends it; nothing of it is kept.
`;
}

main(process.argv.slice(2)).catch((error: Error) => {
  process.stderr.write(`${error.message}\n`);
  process.exit(1);
});
