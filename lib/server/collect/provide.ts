import "server-only";
import type { AccountFacts } from "../../core/judge/facts";
import { linesAt } from "../accounts/raw-lines";
import { provideOpenSessions } from "../contain/open-sessions";
import { provideLogView } from "../hosts/view";
import { setJudgeFeed } from "../judge/collectors-feed";
import { provideQueueLog } from "../queue/from-log";
import { settings } from "../settings";
import { ask, collectorState, isBehind, onAccounts, startCollectors } from "./collectors";

export const accountsOfIds = (host: string, ids: { id: string; arrival: number }[]) =>
  ask(host, "accountsOfIds", { ids });

export const recordsOfMessage = (host: string, id: string) => ask(host, "recordsOfMessage", { id });

/** `from` inclusive, `to` exclusive, ms. */
export function accountFacts(host: string, account: string, from: number, to: number): Promise<AccountFacts> {
  const { ownDomains, aliases } = settings();
  return ask(host, "accountFacts", { account, span: { from, to }, rights: { ownDomains, aliases } });
}

/** Gives what the log knows to the parts that ask for it; they do not know the collectors. */
export function provideEvents(): void {
  provideLogView(collectorState);
  setJudgeFeed({ onAccounts, facts: accountFacts, behind: isBehind });
  provideOpenSessions(async (host, account) =>
    (await ask(host, "openSessions", { account })).map(({ instance, pid }) => ({ instance, pid })),
  );
  provideQueueLog({
    accountsOfIds,
    async message(host, id) {
      const found = await recordsOfMessage(host, id);
      if (!found) return null;
      // Lines that are no event of their own (cleanup's message-id) are not in the store; they stand near those that are.
      const near = await linesAt(host, found.lines.slice(0, 500), 30).catch(() => []);
      const lines = near.filter(({ hit, text }) => hit || text.includes(`: ${id}: `));
      return {
        sender: found.sender,
        account: found.account,
        client: found.client?.address ?? null,
        deliveries: found.deliveries.map((delivery) => ({ ...delivery, at: new Date(delivery.at).toISOString() })),
        lines: lines.map(({ at, text }) => ({ at, text })),
      };
    },
  });
}

export function startEvents(): void {
  provideEvents();
  startCollectors();
}
