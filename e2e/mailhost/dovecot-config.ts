import type { MailHostOptions } from "./options";

export type Account = { login: string; password: string };

/** The standard logins: three honest people, one whose password is stolen, one mailbox used by nobody. */
export const standardAccounts: readonly Account[] = [
  { login: "alice@example.com", password: "alice-secret" },
  { login: "bob@example.com", password: "bob-secret" },
  { login: "carol@example.com", password: "carol-secret" },
  { login: "stolen@example.com", password: "stolen-secret" },
  { login: "idle@example.com", password: "idle-secret" },
];

export function accountsOf(options: MailHostOptions): Account[] {
  const extra = options.accounts.map((text) => {
    const colon = text.indexOf(":");
    return colon < 0
      ? { login: text, password: `${text.split("@")[0]}-secret` }
      : { login: text.slice(0, colon), password: text.slice(colon + 1) };
  });
  return [...standardAccounts, ...extra];
}

/** Dovecot 2.3: SASL for Postfix, and IMAP where dovecot-imapd is installed. Penalties are off, tests log in fast. */
export function dovecotConf(options: MailHostOptions, imapPort: number | null): string {
  const log = options.log === "traditional" ? "log_path = /var/log/dovecot.log" : "syslog_facility = mail";
  return `protocols =${imapPort ? " imap" : ""}
${log}
base_dir = /run/dovecot
auth_mechanisms = plain login
auth_failure_delay = 0 secs
auth_cache_size = 1M
disable_plaintext_auth = no
auth_username_chars =
auth_username_format = %u
ssl = no
first_valid_uid = 1
mail_location = maildir:/var/mail/%u
listen = 127.0.0.1
passdb {
  driver = passwd-file
  args = scheme=PLAIN username_format=%u /etc/dovecot/users
}
userdb {
  driver = static
  args = uid=mail gid=mail home=/var/mail/%u
}
service anvil {
  unix_listener anvil-auth-penalty {
    mode = 0
  }
}
service auth {
  client_limit = 1000
  unix_listener /var/spool/postfix/private/auth {
    mode = 0660
    user = postfix
    group = postfix
  }
}
${imapPort ? `service imap-login {\n  inet_listener imap {\n    port = ${imapPort}\n  }\n  inet_listener imaps {\n    port = 0\n  }\n}\n` : ""}`;
}

export function usersFile(accounts: readonly Account[]): string {
  return accounts.map(({ login, password }) => `${login}:{PLAIN}${password}\n`).join("");
}
