import "server-only";
import type { State } from "./open";

export type HeldMessage = { instance: string; id: string /** ms */; arrival: number; account: string };

/** Longer ago than this nothing is remembered: a message on hold for so long is looked at by hand. */
const remembered = 90 * 86_400_000;

/** One text for one message: ids are reused, ids with their second are not. */
export const heldKey = (of: { instance: string; id: string; arrival: number }): string =>
  `${of.instance}/${of.id}/${Math.floor(of.arrival / 1000)}`;

export function noteHeld({ sqlite }: State, host: string, messages: readonly HeldMessage[]): void {
  if (messages.length === 0) return;
  const now = Date.now();
  sqlite.atOnce(() => {
    sqlite.prepare("DELETE FROM held WHERE at < ?").run([now - remembered]);
    const row = sqlite.prepare("INSERT OR REPLACE INTO held VALUES (?, ?, ?, ?, ?, ?)");
    for (const { instance, id, arrival, account } of messages) row.run([host, instance, id, arrival, account, now]);
  });
}

export function forgetHeld(
  { sqlite }: State,
  host: string,
  messages: readonly Pick<HeldMessage, "instance" | "id" | "arrival">[],
): void {
  if (messages.length === 0) return;
  sqlite.atOnce(() => {
    const row = sqlite.prepare("DELETE FROM held WHERE host = ? AND instance = ? AND id = ? AND arrival = ?");
    for (const { instance, id, arrival } of messages) row.run([host, instance, id, arrival]);
  });
}

/** The access table held what the login sent from then to then. */
export function noteQuarantine({ sqlite }: State, host: string, account: string, since: number, until: number): void {
  sqlite.prepare("INSERT OR REPLACE INTO quarantines VALUES (?, ?, ?, ?)").run([host, account, since, until]);
}

/** The account was lifted: from here on nothing that was held before counts as Sluice's. */
export function noteLift({ sqlite }: State, host: string, account: string): void {
  sqlite.atOnce(() => {
    sqlite.prepare("DELETE FROM held WHERE host = ? AND account = ?").run([host, account]);
    sqlite.prepare("DELETE FROM quarantines WHERE host = ? AND account = ?").run([host, account]);
    sqlite.prepare("INSERT OR REPLACE INTO lifts VALUES (?, ?, ?)").run([host, account, Date.now()]);
  });
}

/** Whether a message of the account that is on hold was put there by Sluice for the account's sake, and not by hand. */
export function heldForAccount({ sqlite }: State, host: string, account: string): (message: HeldMessage) => boolean {
  const rows = sqlite.all<{ instance: string; id: string; arrival: number }>(
    `SELECT instance, id, arrival FROM held WHERE host = ? AND account = ?
     UNION SELECT i.instance, i.id, i.arrival FROM actions a JOIN action_items i ON i.action = a.id
     WHERE a.host = ? AND a.kind = 'hold' AND a.filter = ? AND a.state != 'undone' AND i.account = ? AND i.queue != 'hold'
       AND i.outcome IN ('done', 'in-delivery')
       AND a.made_at > coalesce((SELECT at FROM lifts WHERE host = a.host AND account = i.account), 0)`,
    ...[host, account, host, JSON.stringify({ account: [account] }), account],
  );
  const keys = new Set(rows.map(heldKey));
  const times = sqlite.all<{ since: number; until: number }>(
    "SELECT since, until FROM quarantines WHERE host = ? AND account = ?",
    host,
    account,
  );
  // Arrival is in whole seconds.
  const within = (ms: number) => times.some(({ since, until }) => ms > since - 1000 && ms <= until);
  return (message) => message.account === account && (keys.has(heldKey(message)) || within(message.arrival));
}

/** Messages that hold actions since then answer for, whoever put them on hold first. */
export function heldByActions({ sqlite }: State, host: string, since: number): Map<string, { filter: string }> {
  const rows = sqlite.all<{ instance: string; id: string; arrival: number; filter: string }>(
    `SELECT i.instance, i.id, i.arrival, a.filter FROM actions a JOIN action_items i ON i.action = a.id
     WHERE a.host = ? AND a.kind = 'hold' AND a.state != 'undone' AND a.made_at >= ?
       AND (i.outcome IS NULL OR i.outcome IN ('done', 'in-delivery'))`,
    host,
    since,
  );
  return new Map(rows.map((row) => [heldKey(row), { filter: row.filter }]));
}
