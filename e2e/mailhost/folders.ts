import { execFileSync } from "node:child_process";
import { chmodSync, chownSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { accountsOf, dovecotConf, usersFile } from "./dovecot-config";
import type { MailHostOptions } from "./options";
import { accessTables, mainCf, masterCf, outMainCf, outMasterCf, type SmtpPorts } from "./postfix-config";
import { sshdConfig } from "./ssh-config";

export type HostPorts = SmtpPorts & { ssh: number; imap: number };

const here = new URL(".", import.meta.url).pathname;

/**
 * Builds the folder that becomes a host's private /etc, /var, /run, /root, /home, /tmp and /dev. /etc begins as a copy
 * of the machine's own, so that packages find what they expect; nothing of the machine is written.
 */
export function makeFolders(options: MailHostOptions, ports: HostPorts): { dir: string; hostKey: string } {
  const dir = mkdtempSync(join(tmpdir(), `mailhost-${options.name}-`));
  try {
    return { dir, hostKey: furnish(dir, options, ports) };
  } catch (error) {
    rmSync(dir, { recursive: true, force: true });
    throw error;
  }
}

function furnish(dir: string, options: MailHostOptions, ports: HostPorts): string {
  chmodSync(dir, 0o755);
  execFileSync("cp", ["-a", "/etc", join(dir, "etc")]);
  for (const path of [
    "run/sshd",
    "root",
    "home/sluice",
    "tmp",
    "dev",
    "var/log",
    "var/lib/dovecot",
    "var/lib/rsyslog",
  ]) {
    mkdirSync(join(dir, path), { recursive: true });
  }
  for (const path of [
    "var/spool/postfix",
    "var/lib/postfix",
    "var/mail",
    "var/sink",
    "var/tmp",
    "var/cache",
    "var/lib/sudo",
  ]) {
    mkdirSync(join(dir, path), { recursive: true });
  }
  chmodSync(join(dir, "root"), 0o700);
  for (const path of ["tmp", "var/tmp"]) chmodSync(join(dir, path), 0o1777);
  own(join(dir, "var/lib/postfix"), "postfix");
  own(join(dir, "var/sink"), "postfix");
  own(join(dir, "var/mail"), "mail");
  return writeEtc(join(dir, "etc"), dir, options, ports);
}

function writeEtc(etc: string, dir: string, options: MailHostOptions, ports: HostPorts): string {
  const put = (path: string, text: string, mode = 0o644) => {
    const full = join(etc, path);
    mkdirSync(join(full, ".."), { recursive: true });
    execFileSync("rm", ["-rf", full]);
    writeFileSync(full, text, { mode });
    chmodSync(full, mode);
  };
  const edit = (path: string, change: (text: string) => string) => {
    const full = join(etc, path);
    writeFileSync(full, change(existsSync(full) ? readFileSync(full, "utf8") : ""));
  };
  put("hostname", `${options.name}\n`);
  put("hosts", `127.0.0.1 localhost\n127.0.1.1 ${options.name}.example.com ${options.name}\n`);
  put("timezone", `${options.zone}\n`);
  execFileSync("ln", ["-sfn", `/usr/share/zoneinfo/${options.zone}`, join(etc, "localtime")]);
  // "*" forbids a password but, unlike "!", does not lock the account for keys.
  edit("passwd", (text) => `${text}sluice:x:990:990::/home/sluice:/bin/sh\n`);
  edit("group", (text) => `${text}sluice:x:990:\n`);
  edit("shadow", (text) => `${text.replace(/^root:[^:]*:/m, "root:*:")}sluice:*:19000:0:99999:7:::\n`);
  put("sudoers.d/sluice", "sluice ALL=(root) NOPASSWD: ALL\n", 0o440);

  const tables = accessTables();
  put("postfix/main.cf", mainCf(options, ports));
  put("postfix/master.cf", masterCf(options));
  put("postfix/recipient_access", tables.recipient);
  put("postfix/sender_access", tables.sender);
  if (options.map === "hash") edit("postfix/dynamicmaps.cf", (text) => text.replace(/^lmdb.*\n/m, ""));
  if (options.instances === 2) {
    put("postfix-out/main.cf", outMainCf(options, ports));
    put("postfix-out/master.cf", outMasterCf(ports.out));
  }
  const imap = existsSync("/usr/lib/dovecot/imap-login") ? ports.imap : null;
  put("dovecot/dovecot.conf", dovecotConf(options, imap));
  put("dovecot/users", usersFile(accountsOf(options)));
  const format = options.log === "rfc3339" ? "RSYSLOG_FileFormat" : "RSYSLOG_TraditionalFileFormat";
  put(
    "rsyslog.conf",
    `module(load="imuxsock")\nmail.* action(type="omfile" file="/var/log/mail.log" template="${format}")\n`,
  );
  put("systemd/journald.conf", "[Journal]\nStorage=persistent\nRateLimitBurst=0\nForwardToSyslog=no\n");
  put("mailhost/relay.sh", readFileSync(join(here, "relay.sh"), "utf8"), 0o755);

  for (const key of ["rsa", "ecdsa", "ed25519"]) execFileSync("rm", ["-f", join(etc, `ssh/ssh_host_${key}_key`)]);
  keygen(join(etc, "ssh/ssh_host_ed25519_key"), options.name);
  keygen(join(dir, "client_key"), "client");
  const client = readFileSync(join(dir, "client_key.pub"), "utf8");
  put("ssh/sshd_config", sshdConfig(ports.ssh));
  for (const user of ["root", "sluice"]) put(`ssh/authorized_keys/${user}`, client);
  own(join(dir, "home/sluice"), "990");
  return readFileSync(join(etc, "ssh/ssh_host_ed25519_key.pub"), "utf8").split(" ").slice(0, 2).join(" ");
}

function keygen(path: string, comment: string): void {
  execFileSync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-C", comment, "-f", path]);
}

function own(path: string, user: string): void {
  const id = /^\d+$/.test(user) ? Number(user) : Number(execFileSync("id", ["-u", user], { encoding: "utf8" }));
  chownSync(path, id, user === "990" ? 990 : 0);
}
