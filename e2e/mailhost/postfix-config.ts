import type { MailHostOptions } from "./options";

export type SmtpPorts = { smtp: number; submission: number; relay: number; out: number };

/**
 * main.cf of a submission host. Sender and recipient rejects come from static tables, since there is no DNS here;
 * anvil's limits are lifted because every test client connects from the same address before XCLIENT.
 */
export function mainCf(options: MailHostOptions, ports: SmtpPorts): string {
  const lines = [
    "compatibility_level = 3.6",
    "biff = no",
    `myhostname = ${options.name}.example.com`,
    "mydomain = example.com",
    "mydestination = $myhostname, localhost",
    "mynetworks = 127.0.0.0/8",
    "inet_interfaces = loopback-only",
    "inet_protocols = ipv4",
    // master.cf keeps the names of a real host; here they stand for this host's own ports.
    `known_tcp_ports = smtp=${ports.smtp}, submission=${ports.submission}`,
    "append_dot_mydomain = no",
    "alias_maps =",
    "alias_database =",
    `relayhost = [127.0.0.1]:${ports.relay}`,
    "smtp_tls_security_level = none",
    "smtpd_tls_security_level = none",
    "smtpd_sasl_auth_enable = yes",
    "smtpd_sasl_type = dovecot",
    "smtpd_sasl_path = private/auth",
    "smtpd_sasl_authenticated_header = no",
    "smtpd_authorized_xclient_hosts = 127.0.0.0/8",
    "smtpd_relay_restrictions = permit_mynetworks, permit_sasl_authenticated, defer_unauth_destination",
    "smtpd_recipient_restrictions = reject_non_fqdn_recipient,",
    `    check_recipient_access ${options.map}:/etc/postfix/recipient_access,`,
    `    check_sender_access ${options.map}:/etc/postfix/sender_access`,
    "smtpd_client_connection_count_limit = 0",
    "smtpd_client_connection_rate_limit = 0",
    "default_process_limit = 100",
    "message_size_limit = 26214400",
    "minimal_backoff_time = 300s",
    "disable_dns_lookups = yes",
    `enable_long_queue_ids = ${options.longIds ? "yes" : "no"}`,
    `default_database_type = ${options.map}`,
  ];
  if (options.log === "traditional") lines.push("maillog_file = /var/log/mail.log");
  return `${lines.join("\n")}\n`;
}

/** main.cf of the second instance, which takes mail on a port of its own and defers it. */
export function outMainCf(options: MailHostOptions, ports: SmtpPorts): string {
  const own = [
    "master_service_disable =",
    "authorized_submit_users = root",
    "queue_directory = /var/spool/postfix-out",
    "data_directory = /var/lib/postfix-out",
    "multi_instance_enable = yes",
    "multi_instance_name = postfix-out",
    "syslog_name = postfix-out",
  ];
  const main = mainCf(options, ports).replace(
    /^smtpd_sasl_path = .*$/m,
    "smtpd_sasl_path = /var/spool/postfix/private/auth",
  );
  return `${main}${own.join("\n")}\n`;
}

const internal = `pickup    unix  n       -       n       60      1       pickup
cleanup   unix  n       -       n       -       0       cleanup
qmgr      unix  n       -       n       300     1       qmgr
tlsmgr    unix  -       -       n       1000?   1       tlsmgr
rewrite   unix  -       -       n       -       -       trivial-rewrite
bounce    unix  -       -       n       -       0       bounce
defer     unix  -       -       n       -       0       bounce
trace     unix  -       -       n       -       0       bounce
verify    unix  -       -       n       -       1       verify
flush     unix  n       -       n       1000?   0       flush
proxymap  unix  -       -       n       -       -       proxymap
proxywrite unix -       -       n       -       1       proxymap
smtp      unix  -       -       n       -       -       smtp
relay     unix  -       -       n       -       -       smtp
        -o syslog_name=postfix/$service_name
showq     unix  n       -       n       -       -       showq
error     unix  -       -       n       -       -       error
retry     unix  -       -       n       -       -       error
discard   unix  -       -       n       -       -       discard
local     unix  -       n       n       -       -       local
virtual   unix  -       n       n       -       -       virtual
lmtp      unix  -       -       n       -       -       lmtp
anvil     unix  -       -       n       -       1       anvil
scache    unix  -       -       n       -       1       scache
postlog   unix-dgram n  -       n       -       1       postlogd
`;

/** master.cf with the service names of a real host; known_tcp_ports gives them their ports. */
export function masterCf(options: MailHostOptions): string {
  const override = options.override ? "\n  -o smtpd_sender_restrictions=reject_non_fqdn_sender" : "";
  return `smtp      inet  n       -       n       -       -       smtpd
submission inet n       -       n       -       -       smtpd
  -o syslog_name=postfix/submission
  -o smtpd_sasl_auth_enable=yes${override}
${internal}`;
}

export function outMasterCf(port: number): string {
  return `127.0.0.1:${port} inet n -      n       -       -       smtpd\n${internal}`;
}

/** Recipients and senders that are refused, so that an attack leaves rejects in the log. */
export const refused = {
  recipientDomain: "nosuchdomain.example",
  senderDomain: "banned.example",
} as const;

export function accessTables(): { recipient: string; sender: string } {
  return {
    recipient: `${refused.recipientDomain} 550 5.1.2 Domain not found\n`,
    sender: `${refused.senderDomain} 554 5.7.1 Sender domain refused here\n`,
  };
}
