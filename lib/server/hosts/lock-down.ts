import "server-only";

/** Where host.sh stands on a host that is locked down. */
const installed = "/usr/local/sbin/sluice";

/** Agentless with sudo: the login may run everything, as the script travels as an argument. */
export function sudoersCommand(user: string): string {
  return `echo '${user} ALL=(root) NOPASSWD: ALL' > /etc/sudoers.d/sluice && chmod 440 /etc/sudoers.d/sluice && visudo -c`;
}

/**
 * The commands, run as root on the mail host beside `sluice.sh` (what GET /api/host-script answers), after which the key
 * can run Sluice's verbs and nothing else. Repeated, they change nothing more. `publicKey` is type and base64.
 */
export function lockDownCommands(user: string, publicKey: string): string {
  const lines = [`install -m 755 -o root -g root sluice.sh ${installed}`];
  if (user !== "root")
    lines.push(
      `echo '${user} ALL=(root) NOPASSWD: ${installed} *' > /etc/sudoers.d/sluice && chmod 440 /etc/sudoers.d/sluice && visudo -c`,
    );
  const blob = publicKey.split(" ")[1] ?? "";
  lines.push(
    `sed -i '\\|${blob}|{/command=/!s|^\\(restrict \\)\\{0,1\\}|restrict,command="${installed}" |}' ~${user}/.ssh/authorized_keys`,
  );
  return lines.join("\n");
}
