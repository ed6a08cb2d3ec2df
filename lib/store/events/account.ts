import "server-only";
import type { SenderRights } from "../../core/judge/forged";
import { mayUse } from "../../core/judge/forged";
import { ask, beforeFirstSuccess, counted, countryText, h, n, names, one, plainReason, wrongPassword } from "./ask";
import type { HostStore, Span } from "./host-store";
import { networkText } from "./network";
import { rejectsOf } from "./rejects";
import { senderCounts } from "./senders";

export type AccountQuery = { account: string; span: Span; rights: SenderRights };
const v4 = "net > 0 AND net < 16777216";
/** IPv4 networks by /16, IPv6 ones by /48, as one number each: those of IPv6 are far above. */
const wide = "CASE WHEN net < 16777216 THEN net // 256 ELSE net END";

/** All numbers of one account in a window; see accountNumbers in lib/api/accounts.ts for the shape. Times in ms. */
export async function accountNumbers(store: HostStore, { account, span, rights }: AccountQuery) {
  const mine = `account = ${h(account)}`;
  const refused = rejectsOf(store, account, span);
  const [
    submit,
    countries,
    nets,
    envelope,
    senders,
    reject,
    reasons,
    helos,
    status,
    clients,
    topSenders,
    logins,
    ok,
    times,
  ] = await Promise.all([
    one(
      store,
      "submits",
      span,
      `count(*) AS messages, count(DISTINCT session) FILTER (session <> 0) AS sessions,
         count(DISTINCT client) FILTER (client <> 0) AS clients, count(DISTINCT net) FILTER (${v4}) AS n24,
         count(DISTINCT net // 256) FILTER (${v4}) AS n16, count(DISTINCT net) FILTER (net >= 16777216) AS n48`,
      `${mine} AND ${counted}`,
    ),
    ask(
      store,
      "submits",
      span,
      "country, count(*) AS count",
      `${mine} AND ${counted} AND country <> 0`,
      "GROUP BY 1 ORDER BY 2 DESC, 1",
    ),
    ask(
      store,
      "submits",
      span,
      `${wide} AS wide, count(*) AS count`,
      `${mine} AND ${counted} AND net <> 0`,
      "GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT 20",
    ),
    one(store, "envelopes", span, "sum(recipients) AS recipients", mine),
    senderCounts(store, span, rights, account),
    one(store, "rejects", span, "count(*) AS rejects", refused),
    ask(
      store,
      "rejects",
      span,
      `${plainReason} AS reason, count(*) AS count`,
      refused,
      "GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT 20",
    ),
    ask(
      store,
      "rejects",
      span,
      "helo, count(*) AS count",
      `${refused} AND helo <> 0`,
      "GROUP BY 1 ORDER BY 2 DESC LIMIT 20",
    ),
    ask(store, "deliveries", span, "status, count(*) AS count", mine, "GROUP BY 1"),
    ask(
      store,
      "submits",
      span,
      "client, any_value(country) AS country, count(*) AS messages",
      `${mine} AND ${counted} AND client <> 0`,
      "GROUP BY 1 ORDER BY 3 DESC, 1 LIMIT 20",
    ),
    ask(store, "envelopes", span, "sender, count(*) AS messages", mine, "GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT 20"),
    ask(
      store,
      "logins",
      span,
      "protocol, client, sum(times) FILTER (ok = 1) AS ok, sum(times) FILTER (ok = 0) AS failed",
      `${mine} AND fault = 0`,
      "GROUP BY 1, 2 ORDER BY sum(times) DESC LIMIT 200",
    ),
    one(store, "submits", span, "min(t) AS first, max(t) AS last", mine),
    one(store, "logins", span, `sum(times) AS failed, min(t) AS first, max(t) AS last`, `${mine} AND ${wrongPassword}`),
  ]);
  const before = await beforeFirstSuccess(store, span, mine);
  const text = await names(store, [
    ...helos.map((row) => row.helo),
    ...status.map((row) => row.status),
    ...clients.map((row) => row.client),
    ...logins.flatMap((row) => [row.protocol, row.client]),
  ]);
  const count = senders.get(account);
  const of = (word: string) => n(status.find((row) => text(row.status) === word)?.count);
  const seen = [ok.first, ok.last, times.first, times.last].filter((at) => at != null).map(n);
  return {
    messages: n(submit.messages),
    recipients: n(envelope.recipients),
    sessions: n(submit.sessions),
    clients: n(submit.clients),
    networks24: n(submit.n24),
    networks16: n(submit.n16),
    networks48: n(submit.n48),
    countries: countries.map((row) => ({ key: countryText(n(row.country)) ?? "", count: n(row.count) })),
    networks: nets.map((row) => ({ key: wideText(n(row.wide)), count: n(row.count) })),
    senders: count?.distinct ?? 0,
    forgedSenders: count?.forged ?? 0,
    heloNames: helos.map((row) => ({ key: text(row.helo), count: n(row.count) })),
    rejects: n(reject.rejects),
    rejectReasons: reasons.map((row) => ({ key: String(row.reason), count: n(row.count) })),
    delivered: of("sent"),
    bounced: of("bounced") + of("expired"),
    deferred: of("deferred"),
    failedLogins: n(times.failed),
    failedBeforeFirstSuccess: before.failed,
    first: seen.length ? Math.min(...seen) : null,
    last: seen.length ? Math.max(...seen) : null,
    mailboxLogins: logins
      .map((row) => ({ protocol: text(row.protocol), address: text(row.client), ok: n(row.ok), failed: n(row.failed) }))
      .filter((row) => row.protocol !== "smtp" && row.protocol !== "submission"),
    topClients: clients.map((row) => ({
      address: text(row.client),
      country: countryText(n(row.country)),
      messages: n(row.messages),
    })),
    topSenders: topSenders.map((row) => ({
      sender: String(row.sender),
      forged: !mayUse(account, String(row.sender), rights),
      messages: n(row.messages),
    })),
  };
}

const wideText = (wide: number): string => (wide < 65536 ? `${wide >>> 8}.${wide & 255}.0.0/16` : networkText(wide));

/** The addresses that sent, by messages, at most 20,000. */
export async function accountClients(store: HostStore, { account, span }: { account: string; span: Span }) {
  const rows = await ask(
    store,
    "submits",
    span,
    "client, count(*) AS messages",
    `account = ${h(account)} AND ${counted} AND client <> 0`,
    "GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT 20000",
  );
  const text = await names(
    store,
    rows.map((row) => row.client),
  );
  return rows.map((row) => ({ address: text(row.client), messages: n(row.messages) }));
}

/** The account's own past, at most the 30 days before the window, per hour; null without any message in it. */
export async function accountBaseline(store: HostStore, { account, span }: { account: string; span: Span }) {
  const oldest = store.span?.from ?? span.from;
  const past = { from: Math.max(oldest, span.from - 30 * 86_400_000), to: span.from };
  if (past.from >= past.to) return null;
  const mine = `account = ${h(account)}`;
  const [submit, countries, envelope, failed] = await Promise.all([
    one(
      store,
      "submits",
      past,
      `count(*) AS messages, min(t) AS first, count(DISTINCT net) FILTER (${v4}) AS n24`,
      `${mine} AND ${counted}`,
    ),
    ask(store, "submits", past, "DISTINCT country", `${mine} AND country <> 0`),
    one(store, "envelopes", past, "sum(recipients) AS recipients, count(*) AS messages", mine),
    one(store, "logins", past, "sum(times) AS failed", `${mine} AND ${wrongPassword}`),
  ]);
  if (n(submit.messages) === 0) return null;
  const hours = Math.max(1, (past.to - past.from) / 3_600_000);
  return {
    from: past.from,
    to: past.to,
    messagesPerHour: n(submit.messages) / hours,
    recipientsPerMessage: n(envelope.recipients) / Math.max(1, n(envelope.messages)),
    networks24: n(submit.n24),
    countries: countries.map((row) => countryText(n(row.country)) ?? ""),
    failedLoginsPerHour: n(failed.failed) / hours,
  };
}
