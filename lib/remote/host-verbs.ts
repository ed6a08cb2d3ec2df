import "server-only";
import type { CallOptions, HostConnection } from "./connection";

export type ProbedInstance = {
  name: string;
  enabled: boolean;
  running: boolean;
  configDirectory: string;
  queueDirectory: string;
  version: string;
  mailLogFile: string;
  syslogName: string;
  hostname: string;
  longIds: boolean;
  mapTypes: string[];
};
export type Probe = {
  user: string;
  hostname: string;
  os: string;
  /** Zone name (IANA) where the host tells it, and minutes east of UTC now. */
  zone: string | null;
  offsetMinutes: number;
  /** The host's clock minus this machine's, ms; the way there is taken as half of the answer's time. */
  skew: number;
  systemd: boolean;
  tools: string[];
  missing: string[];
  locksReadable: boolean;
  /** The journal has entries of the mail facility. */
  journal: boolean;
  /** /etc/sluice/mailbox-command is there. */
  mailboxCommand: boolean;
  instances: ProbedInstance[];
};

export async function probe(conn: HostConnection, options?: CallOptions): Promise<Probe> {
  const before = Date.now();
  const { rows } = await conn.call("probe", {}, [], { deadline: 30_000, ...options });
  const after = Date.now();
  const all = (key: string) => rows.filter((row) => row.key === key);
  const value = (key: string, instance = "") =>
    rows.find((row) => row.key === key && row.instance === instance)?.value ?? "";
  const offset = /^([+-])(\d\d)(\d\d)$/.exec(value("offset"));
  const minutes = offset ? Number(offset[2]) * 60 + Number(offset[3]) : 0;
  return {
    user: value("user"),
    hostname: value("hostname"),
    os: value("os"),
    zone: value("zone") || value("timezone") || null,
    offsetMinutes: offset?.[1] === "-" ? -minutes : minutes,
    // The clock is read as the script's last act.
    skew: Math.round(Number(value("clock")) - (after - Math.min(after - before, 200) / 2)),
    systemd: value("init") === "systemd",
    tools: all("tool").map((row) => row.value),
    missing: all("missing").map((row) => row.value),
    locksReadable: value("locks") === "yes",
    journal: value("journal") === "yes",
    mailboxCommand: value("mailbox_command") === "yes",
    instances: all("instance").map(({ instance: name, value: enabled }) => ({
      name,
      enabled: enabled === "y",
      running: value("running", name) === "yes",
      configDirectory: value("config_directory", name),
      queueDirectory: value("queue_directory", name),
      version: value("mail_version", name),
      mailLogFile: value("maillog_file", name),
      syslogName: value("syslog_name", name),
      hostname: value("myhostname", name),
      longIds: value("enable_long_queue_ids", name) === "yes",
      mapTypes: value("maps", name).split(" ").filter(Boolean),
    })),
  };
}

export type HostService = { service: string; running: boolean; detail: string };
const toService = (row: { service: string; running: string; detail: string }): HostService => ({
  service: row.service,
  running: row.running === "1",
  detail: row.detail ? `process ${row.detail}` : "",
});

/** Postfix instances by name, and `dovecot` where it is installed. */
export async function services(conn: HostConnection, options?: CallOptions): Promise<HostService[]> {
  return (await conn.call("services", {}, [], options)).rows.map(toService);
}

/** Starts or stops, and answers what is then seen. */
export async function setService(
  conn: HostConnection,
  service: string,
  op: "start" | "stop",
  options?: CallOptions,
): Promise<HostService> {
  const { rows } = await conn.call("service", { service, op }, [], options);
  return rows[0] ? toService(rows[0]) : { service, running: op !== "start", detail: "" };
}

export type BrakeKind = "hold-queue" | "stop-in" | "stop-out";
/** `held` (hold-queue off): what is in hold now and was not before the brake; releasing it is the caller's choice. */
export async function setBrake(
  conn: HostConnection,
  brake: BrakeKind,
  op: "on" | "off",
  options?: CallOptions,
): Promise<{ outcomes: { instance: string; outcome: string }[]; held: { instance: string; id: string }[] }> {
  const { rows } = await conn.call("brake", { brake, op }, [], { deadline: 300_000, ...options });
  return {
    outcomes: rows.filter((row) => row.outcome !== "held"),
    held: rows.filter((row) => row.outcome === "held").map(({ instance, id }) => ({ instance, id })),
  };
}

export async function brakes(
  conn: HostConnection,
  options?: CallOptions,
): Promise<{ instance: string; brake: BrakeKind; since: number }[]> {
  const { rows } = await conn.call("brakes", {}, [], options);
  return rows.map((row) => ({
    instance: row.instance,
    brake: row.brake as BrakeKind,
    since: Number(row.since) * 1000,
  }));
}
