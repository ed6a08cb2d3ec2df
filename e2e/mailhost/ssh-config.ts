/** sshd of the mail host: keys only, root allowed, everything else as OpenSSH has it by default. */
export function sshdConfig(port: number): string {
  return `Port ${port}
ListenAddress 127.0.0.1
HostKey /etc/ssh/ssh_host_ed25519_key
PidFile /run/sshd.pid
AuthorizedKeysFile /etc/ssh/authorized_keys/%u .ssh/authorized_keys
PermitRootLogin prohibit-password
PasswordAuthentication no
KbdInteractiveAuthentication no
UsePAM no
UseDNS no
MaxStartups 100:30:200
StrictModes no
PrintMotd no
`;
}
