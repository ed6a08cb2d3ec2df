import type { MailHost } from "./host";

/** What can happen to a host while Sluice works on it. */
export const trouble = {
  stopPostfix: (host: MailHost) => host.exec("postfix stop >/dev/null 2>&1 || true"),
  startPostfix: (host: MailHost) => host.exec("postfix start >/dev/null 2>&1"),
  reload: (host: MailHost) => host.exec("postfix reload >/dev/null 2>&1"),
  flush: (host: MailHost) => host.exec("postqueue -f"),

  /** Ends every SSH session at once; the listener stays. */
  killSessions: (host: MailHost) => host.exec('pkill -9 -P "$(cat /run/sshd.pid)" || true'),
  /** Resolves when the port is free again: an sshd that is started before ends without a word. */
  stopSsh: (host: MailHost) => host.exec(stop, [String(host.sshPort)]),
  startSsh: (host: MailHost) => host.exec("/usr/sbin/sshd"),
  /** A host that was reinstalled: another host key on the same port. */
  newHostKey: (host: MailHost) => host.exec(newKey, [String(host.sshPort)]),

  /** Rotation by rename and create. The writer is told to reopen, as logrotate's postrotate does. */
  rotate: (host: MailHost) => host.exec(`mv ${host.logPath} ${host.logPath}.1; ${reopen}`),
  /** Rotation by rename, with the old file compressed. */
  rotateCompressed: (host: MailHost, tool: "gzip" | "xz" | "zstd" | "bzip2" = "gzip") =>
    host.exec(
      `mv ${host.logPath} ${host.logPath}.1; ${reopen}; ${tool === "zstd" ? "zstd -q --rm" : tool} ${host.logPath}.1`,
    ),
  /** Rotation by copytruncate: lines written between the copy and the cut are lost to the host itself. */
  copyTruncate: (host: MailHost) => host.exec(`cp -p ${host.logPath} ${host.logPath}.1; : >${host.logPath}`),
} as const;

// Each waits, for at most a minute, until what it asked for can be seen, and fails where it cannot.
const stop = `
kill "$(cat /run/sshd.pid)"; pkill -9 -x sshd
n=0
while grep -q "$(printf ':%04X 00000000:0000 0A' "$1")" /proc/net/tcp; do
  [ $n -lt 1200 ] || { echo 'sshd goes on listening' >&2; exit 1; }
  n=$((n + 1)); sleep 0.05
done`;

const reopen = `
if [ -f /run/rsyslogd.pid ]; then kill -HUP "$(cat /run/rsyslogd.pid)"; else postfix reload >/dev/null 2>&1; fi
n=0
until [ -e /var/log/mail.log ]; do
  [ $n -lt 1200 ] || { echo 'no new log' >&2; exit 1; }
  # rsyslog opens the new file with the next line that it gets.
  [ ! -f /run/rsyslogd.pid ] || logger -p mail.info -t logrotate reopened
  n=$((n + 1)); sleep 0.05
done`;

const newKey = `
rm -f /etc/ssh/ssh_host_ed25519_key*
ssh-keygen -q -t ed25519 -N '' -f /etc/ssh/ssh_host_ed25519_key
kill -HUP "$(cat /run/sshd.pid)"
wanted=$(cut -d' ' -f2 /etc/ssh/ssh_host_ed25519_key.pub)
n=0
until [ "$(ssh-keyscan -t ed25519 -p "$1" 127.0.0.1 2>/dev/null | cut -d' ' -f3)" = "$wanted" ]; do
  [ $n -lt 1200 ] || { echo 'sshd goes on showing the old key' >&2; exit 1; }
  n=$((n + 1)); sleep 0.05
done`;
