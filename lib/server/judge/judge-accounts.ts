import "server-only";
import { type Judgement, judge } from "../../core/judge/judge";
import { thresholdsWith } from "../../core/judge/thresholds";
import { log } from "../log";
import { settings } from "../settings";
import { singleton } from "../singleton";
import { raise } from "./alerts";
import type { JudgeFeed } from "./feed";

/** What is judged: this much time up to now, against the account's past before it. */
export const windowMs = 24 * 3_600_000;
/** Lines come in bursts: an account is judged at most this often. */
const restMs = 10_000;
/** Judging rests as long as it worked, so that pages and new lines have their turn; longer while the log is far behind. */
const rests = { usual: 1, behind: 4 };
/** Judgements that are remembered for lists, the latest judged; more accounts than this forget the oldest. */
const remembered = 20_000;

const latest = () => singleton("judgements", () => new Map<string, Judgement>());
const keyOf = (host: string, account: string) => `${host}\n${account}`;

/** What the judge said last of the account in the last day; null while it has not been judged. */
export const lastJudged = (host: string, account: string): Judgement | null =>
  latest().get(keyOf(host, account)) ?? null;

type Waiting = { host: string; account: string; notBefore: number };

/**
 * Judges accounts as lines come in, one at a time, so that history being read does not crowd out the pages' own queries.
 * An account named again while it waits is judged once. The answer stops it and waits for the one at work.
 */
export function startJudge(feed: JudgeFeed, clock: () => number = Date.now, rest = restMs): () => Promise<void> {
  const waiting = new Map<string, Waiting>();
  const judgedAt = new Map<string, number>();
  let timer: NodeJS.Timeout | null = null;
  let work: Promise<void> | null = null;
  let stopped = false;
  let wake = () => {};

  async function one({ host, account }: Waiting): Promise<void> {
    const now = clock();
    const key = keyOf(host, account);
    judgedAt.delete(key);
    judgedAt.set(key, now);
    if (judgedAt.size > remembered) judgedAt.delete(judgedAt.keys().next().value ?? "");
    try {
      const judged = judge(await feed.facts(host, account, now - windowMs, now), thresholdsWith(settings().thresholds));
      latest().delete(key);
      latest().set(key, judged);
      if (latest().size > remembered) latest().delete(latest().keys().next().value ?? "");
      if (!stopped) raise(host, account, judged, now);
    } catch (error) {
      log.warn({ err: error, host }, "account not judged");
    }
  }

  async function run(): Promise<void> {
    while (!stopped) {
      const now = clock();
      const due = [...waiting].find(([, item]) => item.notBefore <= now);
      if (!due) break;
      waiting.delete(due[0]);
      const began = performance.now();
      await one(due[1]);
      const times = feed.behind?.(due[1].host) ? rests.behind : rests.usual;
      if (!stopped && waiting.size > 0) await pause(times * (performance.now() - began));
    }
  }

  /** A timer may fire a moment early: then nothing is due, and the run has ended before it is known here. */
  function begin(): void {
    work ??= run().finally(() => {
      work = null;
      const next = Math.min(...[...waiting.values()].map(({ notBefore }) => notBefore));
      if (!stopped && Number.isFinite(next)) plan(Math.max(1, next - clock()));
    });
  }

  /** Ends at once when judging is stopped. */
  function pause(ms: number): Promise<void> {
    return new Promise((done) => {
      const timeout = setTimeout(done, ms);
      wake = () => {
        clearTimeout(timeout);
        done();
      };
    });
  }

  function plan(delay: number): void {
    if (timer) clearTimeout(timer);
    timer = setTimeout(() => {
      timer = null;
      begin();
    }, delay);
    timer.unref();
  }

  const silence = feed.onAccounts((host, accounts) => {
    for (const account of accounts) {
      const key = keyOf(host, account);
      if (waiting.has(key)) continue;
      waiting.set(key, { host, account, notBefore: (judgedAt.get(key) ?? Number.NEGATIVE_INFINITY) + rest });
    }
    if (!work && !timer && waiting.size > 0) plan(0);
  });

  return async () => {
    stopped = true;
    wake();
    silence();
    if (timer) clearTimeout(timer);
    await work;
  };
}
