/**
 * The command that lets a public key in for a user, to be run on the mail host as that user. The key is base64 and a
 * comment of ours; quotes in it would end the shell word, so a key with one is refused.
 */
export function installCommand(publicKey: string): string {
  const key = publicKey.trim();
  if (!/^[A-Za-z0-9@+/=._ :-]+$/.test(key)) return "";
  return `mkdir -p -m 700 ~/.ssh && echo 'restrict ${key}' >> ~/.ssh/authorized_keys && chmod 600 ~/.ssh/authorized_keys`;
}

/** Prints the fingerprints of a host's own keys, to be run on its console. */
export const showFingerprints = 'for key in /etc/ssh/ssh_host_*_key.pub; do ssh-keygen -lf "$key"; done';
