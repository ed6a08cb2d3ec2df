import "server-only";

/**
 * The event store's tables, one set a day file. Every column is a BIGINT or a VARCHAR and never null: 0 and '' stand
 * for "not known". Text that repeats (accounts, addresses, relays) is stored as the 64-bit hash of hash.ts and looked
 * up in `names`; text that is mostly new (recipients, senders) is stored as it is.
 */
export type Column = { name: string; text: boolean };

const columns = (spec: string): readonly Column[] =>
  spec.split(" ").map((word) => ({ name: word.replace("$", ""), text: word.startsWith("$") }));

/** `at` and the position of the line begin every table; `$` marks text. */
const line = "t file off";
export const tables = {
  connects: columns(`${line} session instance service pid client cname net country`),
  disconnects: columns(`${line} session start client cname account ok tried lost`),
  /** flags: 1 the line has sasl_username=, 2 inherited account, 4 local user. */
  submits: columns(
    `${line} idh born $id instance service session client cname net country account flags method origin`,
  ),
  envelopes: columns(`${line} idh born account $sender domain size recipients`),
  headers: columns(`${line} idh born account name $value`),
  deliveries: columns(`${line} idh born account agent $recipient relay delay dsn status $reason`),
  ends: columns(`${line} idh born account how detail`),
  rejects: columns(
    `${line} session idh born account client net country verdict stage code dsn $reason $sender $recipient helo`,
  ),
  logins: columns(`${line} session protocol account client net country ok method fault reason times`),
  gaps: columns(`${line} missing $reason`),
  notices: columns(`${line} level program $text`),
  unknowns: columns(`${line} count program $shape $text`),
  names: columns("h $text"),
} as const satisfies Record<string, readonly Column[]>;
export type TableName = keyof typeof tables;
export const tableNames = Object.keys(tables) as TableName[];

export function createTables(database: string): string[] {
  const each = tableNames.map(
    (name) =>
      `CREATE TABLE IF NOT EXISTS ${database}.${name} (${tables[name]
        .map((column) => `"${column.name}" ${column.text ? "VARCHAR" : "BIGINT"}`)
        .join(", ")})`,
  );
  each.push(`CREATE TABLE IF NOT EXISTS ${database}.checkpoints (piece VARCHAR, seq BIGINT, state VARCHAR)`);
  each.push(`CREATE TABLE IF NOT EXISTS ${database}.snapshots (piece VARCHAR, seq BIGINT, whole BIGINT, text VARCHAR)`);
  each.push(`CREATE TABLE IF NOT EXISTS ${database}.spans (seq BIGINT, first BIGINT, last BIGINT)`);
  each.push(`CREATE TABLE IF NOT EXISTS ${database}.format (version BIGINT)`);
  return each;
}
/** Files of another format are moved aside and rebuilt from the host's log. */
export const formatVersion = 2;
