/** How a mail host is to be built. Every field has a default, so `{}` is a plain Debian-like Postfix host. */
export type MailHostOptions = {
  /** Host name and folder prefix. Several hosts side by side need different names only to tell them apart. */
  name: string;
  /**
   * Who writes the log, and how:
   * `traditional` Postfix's own postlogd to /var/log/mail.log, stamps without year and zone;
   * `syslog` rsyslog to the same file in the same shape, Dovecot's lines among Postfix's;
   * `rfc3339` rsyslog with RFC 3339 stamps (the default of newer distributions);
   * `journal` systemd-journald alone, no file.
   */
  log: "traditional" | "syslog" | "rfc3339" | "journal";
  longIds: boolean;
  /** What the relay host does: `sink` takes and keeps all mail, `closed` refuses connections, so that mail is deferred. */
  relay: RelayMode;
  /** `hash` hides the lmdb map type, as on a host without postfix-lmdb. */
  map: "lmdb" | "hash";
  /** 2 adds a second Postfix (postmulti), `postfix-out`, with a queue of its own. */
  instances: 1 | 2;
  /** A submission service whose master.cf line overrides smtpd_sender_restrictions. */
  override: boolean;
  /** Login accounts besides the standard ones, as name or name:password. */
  accounts: string[];
  /** IANA zone name of the host's clock, e.g. Europe/Berlin. */
  zone: string;
};

export type RelayMode = "sink" | "closed" | "slow";

export const defaults: MailHostOptions = {
  name: "mx1",
  log: "traditional",
  longIds: false,
  relay: "closed",
  map: "lmdb",
  instances: 1,
  override: false,
  accounts: [],
  zone: "UTC",
};

const choices = {
  log: ["traditional", "syslog", "rfc3339", "journal"],
  relay: ["sink", "closed", "slow"],
  map: ["lmdb", "hash"],
} as const;

/** Reads `--name mx2 --long-ids …`. Throws with the name of the argument that it does not know. */
export function parseOptions(args: readonly string[]): MailHostOptions {
  const options = { ...defaults, accounts: [...defaults.accounts] };
  const rest = [...args];
  for (let arg = rest.shift(); arg !== undefined; arg = rest.shift()) {
    const value = (): string => {
      const next = rest.shift();
      if (next === undefined) throw new Error(`${arg} needs a value`);
      return next;
    };
    const oneOf = <T extends string>(allowed: readonly T[]): T => {
      const got = value();
      const found = allowed.find((item) => item === got);
      if (!found) throw new Error(`${arg} takes one of ${allowed.join(", ")}, not ${got}`);
      return found;
    };
    if (arg === "--name") options.name = value().replace(/[^a-z0-9-]/g, "-");
    else if (arg === "--log") options.log = oneOf(choices.log);
    else if (arg === "--relay") options.relay = oneOf(choices.relay);
    else if (arg === "--map") options.map = oneOf(choices.map);
    else if (arg === "--instances") options.instances = value() === "2" ? 2 : 1;
    else if (arg === "--long-ids") options.longIds = true;
    else if (arg === "--override") options.override = true;
    else if (arg === "--account") options.accounts.push(value());
    else if (arg === "--zone") options.zone = value();
    else throw new Error(`unknown argument ${arg}`);
  }
  return options;
}
