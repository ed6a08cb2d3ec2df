import "server-only";
import { ask, counted, countryText, h, n, names, wrongPassword } from "./ask";
import type { Row } from "./duck";
import type { HostStore, Span } from "./host-store";
import { networkText } from "./network";
import { rejectsOf } from "./rejects";

export type TimelineQuery = { account: string; span: Span; buckets: number };
/** Networks drawn one by one; the rest is the difference to the bucket's messages. */
const networksShown = 30;
const countriesShown = 10;
const empty = {
  messages: 0,
  recipients: 0,
  rejects: 0,
  failedLogins: 0,
  sessions: 0,
  delivered: 0,
  bounced: 0,
  deferred: 0,
};

/** Counts in equal buckets, at least a second each, and the messages of each network by bucket. */
export async function accountTimeline(store: HostStore, { account, span, buckets }: TimelineQuery) {
  const width = Math.max(1000, Math.ceil((span.to - span.from) / buckets / 1000) * 1000);
  const count = Math.max(1, Math.ceil((span.to - span.from) / width));
  const bucket = `(t - ${span.from}) // ${width} AS bucket`;
  const mine = `account = ${h(account)}`;
  const group = "GROUP BY 1";
  const [submits, envelopes, rejects, logins, deliveries, nets, gaps] = await Promise.all([
    ask(
      store,
      "submits",
      span,
      `${bucket}, count(*) AS messages, count(DISTINCT session) FILTER (session <> 0) AS sessions`,
      `${mine} AND ${counted}`,
      group,
    ),
    ask(store, "envelopes", span, `${bucket}, sum(recipients) AS recipients`, mine, group),
    ask(store, "rejects", span, `${bucket}, count(*) AS rejects`, rejectsOf(store, account, span), group),
    ask(store, "logins", span, `${bucket}, sum(times) AS failed`, `${mine} AND ${wrongPassword}`, group),
    ask(store, "deliveries", span, `${bucket}, status, count(*) AS count`, mine, "GROUP BY 1, 2"),
    ask(
      store,
      "submits",
      span,
      `net, ${bucket}, any_value(country) AS country, count(*) AS messages`,
      `${mine} AND ${counted} AND net <> 0`,
      "GROUP BY 1, 2",
    ),
    ask(store, "gaps", span, "t, missing, reason", "", "ORDER BY t LIMIT 1000"),
  ]);
  const text = await names(
    store,
    deliveries.map((row) => row.status),
  );
  const all = Array.from({ length: count }, (_, i) => ({ at: span.from + i * width, ...empty }));
  const at = (row: { bucket?: unknown }) => all[Math.min(count - 1, Number(row.bucket))] ?? { at: 0, ...empty };
  for (const row of submits) Object.assign(at(row), { messages: n(row.messages), sessions: n(row.sessions) });
  for (const row of envelopes) at(row).recipients = n(row.recipients);
  for (const row of rejects) at(row).rejects = n(row.rejects);
  for (const row of logins) at(row).failedLogins = n(row.failed);
  for (const row of deliveries) {
    const status = text(row.status);
    if (status === "sent") at(row).delivered += n(row.count);
    else if (status === "deferred") at(row).deferred += n(row.count);
    else if (status === "bounced" || status === "expired") at(row).bounced += n(row.count);
  }
  const networks = new Map<number, { network: string; country: string | null; messages: number; buckets: number[] }>();
  const totals = new Map<number, number>();
  for (const row of nets) totals.set(n(row.net), (totals.get(n(row.net)) ?? 0) + n(row.messages));
  const first = [...totals].sort((a, b) => b[1] - a[1] || a[0] - b[0]).slice(0, networksShown);
  for (const [net, messages] of first)
    networks.set(net, { network: networkText(net), country: null, messages, buckets: Array<number>(count).fill(0) });
  for (const row of nets) {
    const network = networks.get(n(row.net));
    if (!network) continue;
    network.country = countryText(n(row.country));
    network.buckets[Math.min(count - 1, n(row.bucket))] = n(row.messages);
  }
  return {
    bucketSeconds: width / 1000,
    buckets: all,
    networks: [...networks.values()],
    countries: byCountry(nets, count),
    gaps: gaps.map((row) => ({
      at: n(row.t),
      missing: n(row.missing) < 0 ? null : n(row.missing),
      reason: String(row.reason),
    })),
  };
}

/** The countries with the most messages, and their messages by bucket. */
function byCountry(nets: readonly Row[], count: number) {
  const countries = new Map<string, { country: string; messages: number; buckets: number[] }>();
  for (const row of nets) {
    const country = countryText(n(row.country));
    if (country === null) continue;
    const found = countries.get(country) ?? { country, messages: 0, buckets: Array<number>(count).fill(0) };
    countries.set(country, found);
    const bucket = Math.min(count - 1, n(row.bucket));
    found.messages += n(row.messages);
    found.buckets[bucket] = (found.buckets[bucket] ?? 0) + n(row.messages);
  }
  return [...countries.values()]
    .sort((a, b) => b.messages - a.messages || (a.country < b.country ? -1 : 1))
    .slice(0, countriesShown);
}
