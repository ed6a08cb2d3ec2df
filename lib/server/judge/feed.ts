import "server-only";
import type { AccountFacts } from "../../core/judge/facts";

/** Where the judge hears of accounts: the collectors. Given to it, so that tests can be one. */
export type JudgeFeed = {
  /** Calls with the accounts that new lines speak of, each time lines were stored; the answer stops it. */
  onAccounts(listener: (host: string, accounts: string[]) => void): () => void;
  /** `from` inclusive, `to` exclusive, ms. */
  facts(host: string, account: string, from: number, to: number): Promise<AccountFacts>;
  /** True while much of the host's log is still to be read: judging then leaves most of the time to that. */
  behind?(host: string): boolean;
};
