import "server-only";
import type { SenderRights } from "../../core/judge/forged";
import { ask, counted, h, n, names, wrongPassword } from "./ask";
import type { HostStore, Span } from "./host-store";
import { rejectCounts } from "./rejects";
import { senderCounts } from "./senders";

export type TopAccount = {
  account: string;
  messages: number;
  sessions: number;
  recipients: number;
  clients: number;
  networks: number;
  countries: number;
  senders: number;
  forgedSenders: number;
  failedLogins: number;
  rejects: number;
  first: number;
  last: number;
};
export type TopQuery = { span: Span; rights: SenderRights; limit: number; text?: string };

/** Accounts of a window, most messages first. Accounts that only failed to log in come last. */
export async function topAccounts(store: HostStore, { span, rights, limit, text }: TopQuery): Promise<TopAccount[]> {
  const group = "GROUP BY account";
  const [submits, failed] = await Promise.all([
    ask(
      store,
      "submits",
      span,
      `account, count(*) AS messages, count(DISTINCT session) FILTER (session <> 0) AS sessions,
       count(DISTINCT client) FILTER (client <> 0) AS clients, count(DISTINCT net) FILTER (net <> 0) AS networks,
       count(DISTINCT country) FILTER (country <> 0) AS countries, min(t) AS first, max(t) AS last`,
      `account <> 0 AND ${counted}`,
      `${group} ORDER BY messages DESC`,
    ),
    ask(
      store,
      "logins",
      span,
      "account, sum(times) AS failed, min(t) AS first, max(t) AS last",
      `account <> 0 AND ${wrongPassword}`,
      `${group} ORDER BY failed DESC LIMIT 5000`,
    ),
  ]);
  const rows = new Map<string, TopAccount>();
  const name = await names(
    store,
    [...submits, ...failed].map((row) => row.account),
  );
  const needle = text?.toLowerCase();
  const row = (account: string, first: number, last: number) => {
    let found = rows.get(account);
    if (!found) {
      found = {
        account,
        messages: 0,
        sessions: 0,
        recipients: 0,
        clients: 0,
        networks: 0,
        countries: 0,
        senders: 0,
        forgedSenders: 0,
        failedLogins: 0,
        rejects: 0,
        first,
        last,
      };
      rows.set(account, found);
    }
    found.first = Math.min(found.first, first);
    found.last = Math.max(found.last, last);
    return found;
  };
  for (const from of submits) {
    const account = name(from.account);
    if (needle && !account.toLowerCase().includes(needle)) continue;
    if (!needle && rows.size >= limit) break;
    Object.assign(row(account, n(from.first), n(from.last)), {
      messages: n(from.messages),
      sessions: n(from.sessions),
      clients: n(from.clients),
      networks: n(from.networks),
      countries: n(from.countries),
    });
  }
  for (const from of failed) {
    const account = name(from.account);
    if (needle && !account.toLowerCase().includes(needle)) continue;
    if (!rows.has(account) && rows.size >= limit) continue;
    row(account, n(from.first), n(from.last)).failedLogins = n(from.failed);
  }
  const kept = [...rows.values()]
    .sort((a, b) => b.messages - a.messages || b.failedLogins - a.failedLogins)
    .slice(0, limit);
  const only =
    kept.length > 0 && kept.length <= 500
      ? `account IN (${kept.map((each) => h(each.account)).join(",")})`
      : "account <> 0";
  const [recipients, rejects, senders] = await Promise.all([
    ask(store, "envelopes", span, "account, sum(recipients) AS recipients", only, group),
    rejectCounts(store, span),
    senderCounts(store, span, rights, kept.length === 1 ? kept[0]?.account : undefined),
  ]);
  const more = await names(
    store,
    recipients.map((each) => each.account),
  );
  for (const from of recipients) {
    const found = rows.get(more(from.account));
    if (found) found.recipients = n(from.recipients);
  }
  for (const found of kept) {
    found.rejects = rejects.get(h(found.account)) ?? 0;
    const count = senders.get(found.account);
    found.senders = count?.distinct ?? 0;
    found.forgedSenders = count?.forged ?? 0;
  }
  return kept;
}
