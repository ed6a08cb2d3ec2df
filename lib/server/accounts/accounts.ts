import "server-only";
import type { AccountRow, AccountView, Timeline } from "../../api/accounts";
import { ApiError } from "../../api/errors";
import { judge } from "../../core/judge/judge";
import { thresholdsWith } from "../../core/judge/thresholds";
import { ask, collectorState } from "../collect/collectors";
import { accountFacts } from "../collect/provide";
import { storedSuspensions } from "../contain/suspension";
import { lastJudged } from "../judge/judge-accounts";
import { settings } from "../settings";
import { inQueueOf } from "./in-queue";
import { byProvider, providersKnown } from "./provider";
import { suspensionSeen } from "./suspension-seen";
import { windowOf } from "./window";

export type Window = { from?: string; to?: string; last?: string };
const iso = (ms: number) => new Date(ms).toISOString();
const isoOrNull = (ms: number | null) => (ms === null ? null : iso(ms));

export async function spanOf(host: string, query: Window) {
  return windowOf(query, await ask(host, "span", null), Date.now());
}

export const rights = () => {
  const { ownDomains, aliases } = settings();
  return { ownDomains, aliases };
};

/** Accounts of a window, most messages first. */
export async function listAccounts(
  host: string,
  query: Window & { limit?: number; text?: string },
): Promise<AccountRow[]> {
  const span = await spanOf(host, query);
  const rows = await ask(host, "topAccounts", { span, rights: rights(), limit: query.limit ?? 100, text: query.text });
  const { source, notice } = collectorState(host);
  if (rows.length === 0 && source === null && notice !== null)
    throw new ApiError("log_unreadable", `There is nothing to count: ${notice} See the host check.`);
  const suspended = storedSuspensions(host);
  return rows.map(({ first, last, ...row }) => {
    const judged = lastJudged(host, row.account);
    return {
      ...row,
      firstSeen: iso(first),
      lastSeen: iso(last),
      score: judged?.score ?? 0,
      verdict: judged?.verdict ?? "clear",
      suspended: suspended.get(row.account) ?? "none",
    };
  });
}

/** One account in a window: its numbers, its past, what the judge says, and how it stands now. */
export async function accountOf(host: string, account: string, query: Window): Promise<AccountView> {
  const span = await spanOf(host, query);
  const [numbers, providers, baseline, facts, suspension, inQueue] = await Promise.all([
    ask(host, "accountNumbers", { account, span, rights: rights() }),
    providersKnown() ? ask(host, "accountClients", { account, span }).then(byProvider) : [],
    ask(host, "accountBaseline", { account, span }),
    accountFacts(host, account, span.from, span.to),
    suspensionSeen(host, account),
    inQueueOf(host, account),
  ]);
  const judged = judge(facts, thresholdsWith(settings().thresholds));
  const { first, last, ...counts } = numbers;
  return {
    account,
    from: iso(span.from),
    to: iso(span.to),
    numbers: { ...counts, providers, firstSeen: isoOrNull(first), lastSeen: isoOrNull(last) },
    baseline: baseline && { ...baseline, from: iso(baseline.from), to: iso(baseline.to) },
    score: judged.score,
    verdict: judged.verdict,
    findings: judged.findings.map((finding) => ({ ...finding, from: iso(finding.from), to: iso(finding.to) })),
    suspension,
    inQueue,
  };
}

export async function timelineOf(
  host: string,
  account: string,
  query: Window & { buckets?: number },
): Promise<Timeline> {
  const span = await spanOf(host, query);
  const line = await ask(host, "accountTimeline", { account, span, buckets: query.buckets ?? 200 });
  return {
    from: iso(span.from),
    to: iso(span.to),
    bucketSeconds: line.bucketSeconds,
    buckets: line.buckets.map((bucket) => ({ ...bucket, at: iso(bucket.at) })),
    networks: line.networks,
    countries: line.countries,
    gaps: line.gaps.map((gap) => ({ ...gap, at: iso(gap.at) })),
  };
}
