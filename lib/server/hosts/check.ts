import "server-only";
import type { HostCheck } from "../../api/hosts";
import { type AccessService, lookAtAccess, setUpAccess } from "../../remote/access-verbs";
import { HostConnection } from "../../remote/connection";
import { RemoteError } from "../../remote/errors";
import { shellWord } from "../../remote/host-script";
import { type Probe, probe } from "../../remote/host-verbs";
import { listLogs } from "../../remote/log-verbs";
import { counts } from "../../remote/queue-verbs";
import { lockDownCommands, sudoersCommand } from "./lock-down";
import type { ManagedHost } from "./managed-host";
import { publicKey } from "./view";

type Checked = Pick<ManagedHost, "config" | "conn">;
type Line = HostCheck["lines"][number];
const good = (name: string, seen: string): Line => ({ name, ok: true, seen, mend: null });
const bad = (name: string, seen: string, mend: string | null): Line => ({ name, ok: false, seen, mend });

/** Seconds by which the clocks may differ: times of log lines and of this machine are put side by side. */
const skewLimit = 5;
const packageOf: Record<string, string> = {
  postconf: "postfix",
  postqueue: "postfix",
  postsuper: "postfix",
  postcat: "postfix",
  postmap: "postfix",
  flock: "util-linux",
  sha256sum: "coreutils",
  stat: "coreutils",
  find: "findutils",
  xargs: "findutils",
  gzip: "gzip",
};

/**
 * Looks at everything that Sluice needs on the host: a line each, with the command that mends what does not work. It logs
 * in anew, so that what was just changed in the key's options or in sshd counts.
 */
export async function checkHost(managed: ManagedHost): Promise<HostCheck> {
  const lines: Line[] = [];
  const conn = new HostConnection(managed.conn.target);
  const host: Checked = { config: managed.config, conn };
  try {
    const seen = await reached(host, lines);
    if (seen) {
      tools(seen, lines);
      postfix(seen, lines);
      await queue(host, lines);
      await logs(host, seen, lines);
      clock(seen, lines);
      await access(host, lines);
      mailboxCommand(seen, lines);
      await lockDown(host, lines);
    }
  } finally {
    conn.end();
  }
  return { at: new Date().toISOString(), lines };
}

async function reached(host: Checked, lines: Line[]): Promise<Probe | null> {
  const { user, address, port } = host.config;
  try {
    const seen = await probe(host.conn);
    lines.push(good("login", `Logged in as ${user} at ${address} port ${port}; the host key is the confirmed one.`));
    lines.push(good("rights", user === "root" ? "The login is root." : "sudo gives root's rights without a password."));
    return seen;
  } catch (error) {
    if (!(error instanceof RemoteError)) throw error;
    const said = error.detail ? `${error.message} (${error.detail})` : error.message;
    if (error.code === "host_no_rights") {
      lines.push(good("login", `Logged in as ${user}.`));
      lines.push(bad("rights", said, sudoersCommand(user)));
    } else lines.push(bad("login", said, loginMend(error, host)));
    return null;
  }
}

function loginMend(error: RemoteError, host: Checked): string | null {
  const { user } = host.config;
  if (error.code === "host_auth_failed")
    return `install -d -m 700 -o ${user} -g $(id -g ${user}) ~${user}/.ssh && echo 'restrict ${publicKey(host) ?? "PUBLIC KEY"}' >> ~${user}/.ssh/authorized_keys`;
  if (error.code === "host_unreachable") return "systemctl status ssh; ss -ltn";
  if (error.code === "host_key_changed") return "ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub";
  return null;
}

function tools(seen: Probe, lines: Line[]): void {
  const needed = seen.missing.filter((tool) => tool in packageOf);
  if (needed.length > 0) {
    const packages = [...new Set(needed.map((tool) => packageOf[tool]))].join(" ");
    lines.push(bad("tools", `Missing: ${needed.join(", ")}.`, `apt-get install ${packages}`));
  } else lines.push(good("tools", "Every tool that Sluice uses is there."));
  if (!seen.locksReadable)
    lines.push(
      bad(
        "locks",
        "/proc/locks cannot be read, so mail in delivery cannot be told: no purge.",
        "mount -t proc proc /proc",
      ),
    );
}

function postfix(seen: Probe, lines: Line[]): void {
  if (seen.instances.length === 0) lines.push(bad("postfix", "Postfix was not found.", "apt-get install postfix"));
  for (const one of seen.instances)
    lines.push(
      one.running || !one.enabled
        ? good(
            one.name,
            `Postfix ${one.version}, ${one.running ? "running" : "not enabled"}, queue in ${one.queueDirectory}.`,
          )
        : bad(one.name, `Postfix ${one.version} does not run.`, `postfix -c ${one.configDirectory} start`),
    );
}

async function queue(host: Checked, lines: Line[]): Promise<void> {
  try {
    await counts(host.conn);
    let listed = 0;
    await host.conn.stream("list", { instance: "" }, [], { json: () => listed++ }, { deadline: 120_000 });
    lines.push(good("queue", `postqueue lists ${listed} messages; postsuper runs with root's rights.`));
  } catch (error) {
    if (!(error instanceof RemoteError)) throw error;
    lines.push(
      bad("queue", `${error.message} ${error.detail ?? ""}`.trim(), "postqueue -j | head -n 1; postfix check"),
    );
  }
}

async function logs(host: Checked, seen: Probe, lines: Line[]): Promise<void> {
  const wanted = host.config.log;
  if (wanted === "journal" || (!wanted && seen.journal)) {
    if (seen.journal) lines.push(good("log", "The journal has Postfix's entries."));
    if (wanted === "journal") {
      if (!seen.journal)
        lines.push(bad("log", "The journal has no mail entries.", "journalctl -n 5 SYSLOG_FACILITY=2"));
      return;
    }
  }
  const files = await listLogs(host.conn, wanted);
  const current = files.find((file) => file.path === file.base);
  if (current?.readable)
    lines.push(good("log", `${current.path}, ${current.size} bytes, and ${files.length - 1} older files.`));
  else if (!seen.journal || wanted)
    lines.push(
      bad(
        "log",
        wanted
          ? `${wanted} is not there, cannot be read, or is no log that Sluice may read (outside /var/log).`
          : "No mail log was found.",
        wanted
          ? `ls -l ${shellWord(wanted)}; mkdir -p /etc/sluice; echo ${shellWord(wanted)} >> /etc/sluice/logs`
          : "postconf -e 'maillog_file = /var/log/mail.log' && postfix reload",
      ),
    );
}

function clock(seen: Probe, lines: Line[]): void {
  const seconds = Math.round(seen.skew / 100) / 10;
  const zone = seen.zone ?? `UTC${seen.offsetMinutes >= 0 ? "+" : ""}${seen.offsetMinutes / 60}`;
  if (Math.abs(seconds) <= skewLimit) lines.push(good("clock", `Zone ${zone}; ${seconds} s from Sluice's clock.`));
  else
    lines.push(
      bad("clock", `Zone ${zone}; the host's clock is ${seconds} s from Sluice's.`, "timedatectl set-ntp true"),
    );
}

async function access(host: Checked, lines: Line[]): Promise<void> {
  try {
    const services = (await lookAtAccess(host.conn)).filter((service) => service.logins);
    const commands = services.every((one) => one.asks && one.ready) ? [] : await setUpAccess(host.conn, "preview");
    for (const one of services) {
      const name = `${one.instance} ${one.service}`;
      if (one.asks && one.ready)
        lines.push(good(name, `Asks Sluice's access table first (${one.mapType}).${foldedNote(one)}`));
      else
        lines.push(
          bad(
            name,
            one.override
              ? "Its own smtpd_sender_restrictions in master.cf leave Sluice's access table out: accounts cannot be suspended here."
              : "Does not ask Sluice's access table: accounts cannot be suspended here. Set it up on the host's page, or by the command.",
            mendOf(one, commands),
          ),
        );
    }
  } catch (error) {
    if (!(error instanceof RemoteError)) throw error;
    lines.push(bad("suspension", error.message, null));
  }
}

const foldedNote = ({ exact }: AccessService) =>
  exact ? "" : " It does not tell upper from lower case in logins; the set-up on the host's page makes it.";

/** The set-up's commands that this service needs: of the settings, its own in master.cf or that of main.cf. */
function mendOf(
  { instance, service, override }: AccessService,
  commands: { instance: string; command: string }[],
): string {
  const wanted = override ? `${service}/smtpd_sender_restrictions=` : " 'smtpd_sender_restrictions=";
  return commands
    .filter((one) => one.instance === instance)
    .map(({ command }) => command)
    .filter((command) => !command.includes("smtpd_sender_restrictions=") || command.includes(wanted))
    .join(" && ");
}

function mailboxCommand(seen: Probe, lines: Line[]): void {
  if (seen.mailboxCommand)
    lines.push(good("mailbox command", "Contain offers to run /etc/sluice/mailbox-command for the account."));
  else
    lines.push({
      name: "mailbox command",
      ok: true,
      seen: "None. To let Contain change the mailbox itself (its password, say), install a command of your own: it gets the login on its standard input, as root.",
      mend: "install -d /etc/sluice && install -m 700 YOUR-COMMAND /etc/sluice/mailbox-command",
    });
}

async function lockDown(host: Checked, lines: Line[]): Promise<void> {
  const { user } = host.config;
  const key = publicKey(host) ?? "";
  if (await host.conn.refusesCommands())
    lines.push(good("locked down", "The key can run Sluice's verbs and nothing else."));
  else
    lines.push({
      name: "locked down",
      ok: true,
      seen: "The key gives a shell. To limit it to Sluice's verbs, bring Sluice's script (the download beside this check) to the host as sluice.sh and run this as root in its folder.",
      mend: lockDownCommands(user, key),
    });
}
