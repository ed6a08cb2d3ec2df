import "server-only";
import { mayUse, type SenderRights } from "../../core/judge/forged";
import { ask, counted, h, n, names, packedCountry, plainReason, text, wrongPassword } from "./ask";
import type { HostStore, Span } from "./host-store";
import { networkOf, widerNetwork } from "./network";
import { rejectsOf } from "./rejects";
import { type TableName, tableNames, tables } from "./tables";

export type Position = { at: number; file: number; offset: number };
export const countables = [
  "messages",
  "recipients",
  "senders",
  "forged",
  "rejects",
  "failedLogins",
  "sessions",
  "deliveries",
  "bounces",
  "deferrals",
  "mailbox",
] as const;
export type Countable = (typeof countables)[number];
export type PositionsQuery = {
  account: string;
  span: Span;
  of: Countable;
  session?: string;
  client?: string;
  /** One of these addresses: those of a provider. */
  clients?: string[];
  /** A network as networkText writes it, or a /16: `192.0.2.0/24`, `192.0.0.0/16`, `2001:db8::/48`. */
  network?: string;
  /** Two letters. */
  country?: string;
  sender?: string;
  reason?: string;
  helo?: string;
  limit: number;
  rights: SenderRights;
};
type Narrowing = "session" | "client" | "network" | "country" | "sender" | "reason" | "helo";

/** Where the lines behind a number stand in the log: the newest `limit` of them, oldest first, and how many there are. */
export async function positions(
  store: HostStore,
  query: PositionsQuery,
): Promise<{ lines: Position[]; total: number }> {
  const { account, span, of, limit } = query;
  const mine = `account = ${h(account)}`;
  const wheres: Record<Countable, [TableName, string]> = {
    messages: ["submits", `${mine} AND ${counted}`],
    recipients: ["envelopes", mine],
    senders: ["envelopes", `${mine} AND sender <> ''`],
    forged: ["envelopes", of === "forged" ? `${mine} AND ${await forged(store, query)}` : ""],
    rejects: ["rejects", rejectsOf(store, account, span)],
    failedLogins: ["logins", `${mine} AND ${wrongPassword}`],
    sessions: ["submits", `${mine} AND session <> 0`],
    deliveries: ["deliveries", `${mine} AND status = ${h("sent")}`],
    bounces: ["deliveries", `${mine} AND status IN (${h("bounced")}, ${h("expired")})`],
    deferrals: ["deliveries", `${mine} AND status = ${h("deferred")}`],
    mailbox: ["logins", `${mine} AND protocol NOT IN (${h("smtp")}, ${h("submission")})`],
  };
  const [table, where] = wheres[of];
  const narrow = [where, ...narrowed(table, query)];
  if (of === "sessions") {
    const lines = await sessionLines(store, span, narrow.join(" AND "));
    return { lines: lines.slice(-limit), total: lines.length };
  }
  const [rows, totals] = await Promise.all([
    ask(store, table, span, "t, file, off", narrow.join(" AND "), `ORDER BY t DESC, off DESC LIMIT ${limit}`),
    ask(store, table, span, "count(*) AS total", narrow.join(" AND ")),
  ]);
  return { lines: rows.map(position).reverse(), total: n(totals[0]?.total) };
}

/** The conditions of the query that this table can be asked; one that it has no column for does not narrow. */
function narrowed(table: TableName, query: PositionsQuery): string[] {
  const { session, client, clients, network, country, sender, reason, helo } = query;
  const has = (column: Narrowing | "net") => tables[table].some(({ name }) => name === column);
  const found: string[] = [];
  if (session && has("session") && /^-?\d{1,20}$/.test(session)) found.push(`session = ${session}`);
  if (client && has("client")) found.push(`client = ${h(client)}`);
  if (clients && has("client")) found.push(`client IN (${clients.map(h).join(",") || "NULL"})`);
  if (network && has("net")) found.push(inNetwork(network));
  if (country && has("country")) found.push(`country = ${packedCountry(country)}`);
  if (sender !== undefined && has("sender")) found.push(`sender = ${text(sender)}`);
  if (reason !== undefined && has("reason")) found.push(`${plainReason} = ${text(reason)}`);
  if (helo && has("helo")) found.push(`helo = ${h(helo)}`);
  return found;
}

function inNetwork(network: string): string {
  const of = networkOf(network.replace(/\/\d+$/, ""));
  const wide = network.endsWith("/16") ? widerNetwork(of) : null;
  return wide === null ? `net = ${of}` : `net >= ${wide * 256} AND net < ${(wide + 1) * 256}`;
}

/** The envelope senders that the login has no right to, as a condition: by domain, less single addresses it may use. */
async function forged(store: HostStore, { account, span, rights }: PositionsQuery): Promise<string> {
  const where = `account = ${h(account)} AND sender <> ''`;
  const rows = await ask(store, "envelopes", span, "DISTINCT domain", where);
  const name = await names(
    store,
    rows.map((row) => row.domain),
  );
  const domains = rows.filter((row) => !mayUse(account, name(row.domain) ? `*@${name(row.domain)}` : "*", rights));
  const own = [account, ...(rights.aliases[account] ?? rights.aliases[account.toLowerCase()] ?? [])];
  const list = domains.map((row) => String(row.domain)).join(",") || "NULL";
  return `sender <> '' AND domain IN (${list}) AND lower(sender) NOT IN (${own.map((one) => text(one.toLowerCase())).join(",")})`;
}

const position = (row: { t?: unknown; file?: unknown; off?: unknown }): Position => ({
  at: Number(row.t),
  file: Number(row.file),
  offset: Number(row.off),
});

/** Connect and disconnect lines of the sessions that the account used. */
async function sessionLines(store: HostStore, span: Span, where: string): Promise<Position[]> {
  const used = await ask(store, "submits", span, "DISTINCT session", where, "LIMIT 20000");
  if (used.length === 0) return [];
  const list = `session IN (${used.map((row) => String(row.session)).join(",")})`;
  const near = { from: span.from - 86_400_000, to: span.to + 86_400_000 };
  const [begun, ended] = await Promise.all([
    ask(store, "connects", near, "t, file, off", list),
    ask(store, "disconnects", near, "t, file, off", list),
  ]);
  return [...begun, ...ended].map(position).sort((a, b) => a.at - b.at || a.offset - b.offset);
}

/** The stored line nearest before (or, without one, after) a moment, of any kind; null when nothing is stored. */
export async function lineNear(store: HostStore, { at }: { at: number }): Promise<Position | null> {
  const kinds = tableNames.filter((table) => table !== "names" && table !== "unknowns");
  for (const [span, order] of [
    [{ from: at - 7 * 86_400_000, to: at + 1 }, "DESC"],
    [{ from: at, to: at + 7 * 86_400_000 }, "ASC"],
  ] as const) {
    const found = await Promise.all(
      kinds.map((table) => ask(store, table, span, "t, file, off", "", `ORDER BY t ${order}, off ${order} LIMIT 1`)),
    );
    const lines = found.flat().map(position);
    lines.sort((a, b) => (order === "DESC" ? b.at - a.at || b.offset - a.offset : a.at - b.at || a.offset - b.offset));
    if (lines[0]) return lines[0];
  }
  return null;
}
