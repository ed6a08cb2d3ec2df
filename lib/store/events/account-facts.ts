import "server-only";
import {
  type AccountFacts,
  type BaselineFacts,
  clientLimit,
  type HourFacts,
  type RejectClass,
} from "../../core/judge/facts";
import { mayUse, type SenderRights } from "../../core/judge/forged";
import { rejectClass } from "../../core/judge/reject-class";
import { ask, beforeFirstSuccess, counted, countryText, h, n, names, one, wrongPassword } from "./ask";
import type { HostStore, Span } from "./host-store";
import { networkText } from "./network";
import { rejectsOf } from "./rejects";
import { senderCounts } from "./senders";

const hourMs = 3_600_000;
const hour = `t - t % ${hourMs} AS hour`;
export type FactsQuery = { account: string; span: Span; rights: SenderRights };

/** What the judge needs of one account; see AccountFacts. */
export async function accountFacts(store: HostStore, { account, span, rights }: FactsQuery): Promise<AccountFacts> {
  const mine = `account = ${h(account)}`;
  const sent = `${mine} AND ${counted}`;
  const [hours, submit, senders, forgedOnes, clients, helos, histogram, baseline] = await Promise.all([
    hourFacts(store, span, account),
    one(
      store,
      "submits",
      span,
      "count(DISTINCT session) FILTER (session <> 0) AS sessions, count(DISTINCT client) FILTER (client <> 0) AS clients",
      sent,
    ),
    senderCounts(store, span, rights, account),
    ask(
      store,
      "envelopes",
      span,
      "lower(sender) AS sender, count(*) AS messages",
      `${mine} AND sender <> ''`,
      "GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT 200",
    ),
    ask(
      store,
      "submits",
      span,
      "client, any_value(net) AS net, any_value(country) AS country, min(t) AS first, max(t) AS last, count(*) AS messages",
      `${sent} AND client <> 0`,
      `GROUP BY 1 ORDER BY messages DESC LIMIT ${clientLimit}`,
    ),
    ask(
      store,
      "rejects",
      span,
      "helo, count(*) AS count",
      `${rejectsOf(store, account, span)} AND helo <> 0`,
      "GROUP BY 1 ORDER BY 2 DESC LIMIT 50",
    ),
    one(
      store,
      "envelopes",
      span,
      `count(*) FILTER (recipients <= 1) AS one, count(*) FILTER (recipients BETWEEN 2 AND 5) AS upto5,
       count(*) FILTER (recipients BETWEEN 6 AND 20) AS upto20, count(*) FILTER (recipients BETWEEN 21 AND 50) AS upto50,
       count(*) FILTER (recipients BETWEEN 51 AND 100) AS upto100, count(*) FILTER (recipients > 100) AS more`,
      mine,
    ),
    baselineFacts(store, span, account, rights),
  ]);
  const [before, mailbox] = await Promise.all([
    beforeFirstSuccess(store, span, mine),
    ask(
      store,
      "logins",
      span,
      "protocol, client, any_value(net) AS net, any_value(country) AS country, sum(times) FILTER (ok = 1) AS ok, sum(times) FILTER (ok = 0) AS failed, min(t) AS first, max(t) AS last",
      `${mine} AND fault = 0 AND protocol NOT IN (${h("smtp")}, ${h("submission")})`,
      `GROUP BY 1, 2 ORDER BY count(*) DESC LIMIT ${clientLimit}`,
    ),
  ]);
  const text = await names(
    store,
    [...clients, ...helos, ...mailbox].flatMap((row) => [row.client, row.helo, row.protocol]),
  );
  const count = senders.get(account);
  const place = (row: (typeof clients)[number]) => ({
    address: text(row.client),
    network: n(row.net) === 0 ? text(row.client) : networkText(n(row.net)),
    country: countryText(n(row.country)),
    firstAt: n(row.first),
    lastAt: n(row.last),
  });
  return {
    account,
    ...span,
    hours,
    sessions: n(submit.sessions),
    senders: {
      distinct: count?.distinct ?? 0,
      forged: count?.forged ?? 0,
      forgedMessages: count?.forgedMessages ?? 0,
      forgedDomains: count?.forgedDomains ?? 0,
      examples: forgedOnes
        .filter((row) => !mayUse(account, String(row.sender), rights))
        .slice(0, 5)
        .map((row) => ({ sender: String(row.sender), messages: n(row.messages) })),
    },
    clients: clients.map((row) => ({ ...place(row), messages: n(row.messages) })),
    clientCount: n(submit.clients),
    heloNames: helos.map((row) => ({ name: text(row.helo), count: n(row.count) })),
    recipientsPerMessage: {
      one: n(histogram.one),
      upTo5: n(histogram.upto5),
      upTo20: n(histogram.upto20),
      upTo50: n(histogram.upto50),
      upTo100: n(histogram.upto100),
      more: n(histogram.more),
    },
    failedBeforeFirstSuccess: before.failed,
    failedAddresses: before.addresses,
    firstSuccessAt: before.at,
    mailbox: mailbox.map((row) => ({
      protocol: text(row.protocol),
      ...place(row),
      ok: n(row.ok),
      failed: n(row.failed),
    })),
    baseline,
  };
}

async function hourFacts(store: HostStore, span: Span, account: string): Promise<HourFacts[]> {
  const mine = `account = ${h(account)}`;
  const [submits, envelopes, rejects, deliveries, logins] = await Promise.all([
    ask(
      store,
      "submits",
      span,
      `${hour}, count(*) AS messages, count(DISTINCT net) FILTER (net <> 0) AS networks, list(DISTINCT country) FILTER (country <> 0) AS countries`,
      `${mine} AND ${counted}`,
      "GROUP BY 1",
    ),
    ask(store, "envelopes", span, `${hour}, sum(recipients) AS recipients`, mine, "GROUP BY 1"),
    ask(store, "rejects", span, `${hour}, reason, count(*) AS count`, rejectsOf(store, account, span), "GROUP BY 1, 2"),
    ask(store, "deliveries", span, `${hour}, status, count(*) AS count`, mine, "GROUP BY 1, 2"),
    ask(store, "logins", span, `${hour}, sum(times) AS failed`, `${mine} AND ${wrongPassword}`, "GROUP BY 1"),
  ]);
  const text = await names(
    store,
    deliveries.map((row) => row.status),
  );
  const hours = new Map<number, HourFacts>();
  const of = (row: { hour?: unknown }) => {
    const at = Number(row.hour);
    let found = hours.get(at);
    if (!found) {
      found = {
        at,
        messages: 0,
        recipients: 0,
        rejects: {},
        delivered: 0,
        bounced: 0,
        deferred: 0,
        failedLogins: 0,
        networks: 0,
        countries: [],
      };
      hours.set(at, found);
    }
    return found;
  };
  for (const row of submits)
    Object.assign(of(row), { messages: n(row.messages), networks: n(row.networks), countries: codes(row.countries) });
  for (const row of envelopes) of(row).recipients = n(row.recipients);
  for (const row of logins) of(row).failedLogins = n(row.failed);
  for (const row of rejects) {
    const word: RejectClass = rejectClass(String(row.reason));
    const facts = of(row);
    facts.rejects[word] = (facts.rejects[word] ?? 0) + n(row.count);
  }
  for (const row of deliveries) {
    const status = text(row.status);
    if (status === "sent") of(row).delivered += n(row.count);
    else if (status === "deferred") of(row).deferred += n(row.count);
    else if (status === "bounced" || status === "expired") of(row).bounced += n(row.count);
  }
  return [...hours.values()].sort((a, b) => a.at - b.at);
}

/** DuckDB gives a LIST as an object with `items`. */
function codes(list: unknown): string[] {
  const items = (list as { items?: readonly unknown[] } | null)?.items ?? [];
  return items
    .map((code) => countryText(Number(code)) ?? "")
    .filter(Boolean)
    .sort();
}

async function baselineFacts(
  store: HostStore,
  span: Span,
  account: string,
  rights: SenderRights,
): Promise<BaselineFacts | null> {
  const oldest = store.span?.from ?? span.from;
  const past = { from: Math.max(oldest, span.from - 30 * 24 * hourMs), to: span.from };
  if (past.from >= past.to) return null;
  const mine = `account = ${h(account)}`;
  const [hours, nets, readers, days, senders] = await Promise.all([
    hourFacts(store, past, account),
    ask(
      store,
      "submits",
      past,
      "net, any_value(country) AS country, count(*) AS count",
      `${mine} AND net <> 0`,
      "GROUP BY 1 ORDER BY count DESC LIMIT 500",
    ),
    ask(
      store,
      "logins",
      past,
      "net, any_value(country) AS country, count(*) AS count",
      `${mine} AND ok = 1 AND net <> 0`,
      "GROUP BY 1 ORDER BY count DESC LIMIT 500",
    ),
    one(store, "submits", past, `count(DISTINCT t // ${24 * hourMs}) AS days`, `${mine} AND ${counted}`),
    senderCounts(store, past, rights, account),
  ]);
  if (hours.length === 0 && readers.length === 0) return null;
  const places = [...nets, ...readers].sort((a, b) => n(b.count) - n(a.count));
  const sum = (of: (facts: HourFacts) => number) => hours.reduce((total, facts) => total + of(facts), 0);
  const most = (of: (facts: HourFacts) => number) => hours.reduce((max, facts) => Math.max(max, of(facts)), 0);
  const hoursOfDay = Array<number>(24).fill(0);
  for (const facts of hours) {
    const slot = Math.floor(facts.at / hourMs) % 24;
    hoursOfDay[slot] = (hoursOfDay[slot] ?? 0) + facts.messages;
  }
  return {
    ...past,
    daysSeen: n(days.days),
    hoursSeen: hours.filter((facts) => facts.messages > 0).length,
    messages: sum((facts) => facts.messages),
    recipients: sum((facts) => facts.recipients),
    messagesPerHourMax: most((facts) => facts.messages),
    recipientsPerHourMax: most((facts) => facts.recipients),
    networksPerHourMax: most((facts) => facts.networks),
    networks: [...new Set(places.map((row) => networkText(n(row.net))))].slice(0, 500),
    countries: [...new Set(places.map((row) => countryText(n(row.country))).filter((code) => code !== null))].slice(
      0,
      500,
    ),
    hoursOfDay,
    rejects: sum((facts) => Object.values(facts.rejects).reduce((total, count) => total + (count ?? 0), 0)),
    delivered: sum((facts) => facts.delivered),
    bounced: sum((facts) => facts.bounced),
    deferred: sum((facts) => facts.deferred),
    failedLogins: sum((facts) => facts.failedLogins),
    forgedSenders: senders.get(account)?.forged ?? 0,
  };
}
