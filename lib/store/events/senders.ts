import "server-only";
import { mayUse, type SenderRights } from "../../core/judge/forged";
import { ask, h, n, names } from "./ask";
import type { HostStore, Span } from "./host-store";

/** Per account: distinct envelope senders, and of these the ones that the login has no right to. Case is folded. */
export type SenderCount = { distinct: number; forged: number; forgedMessages: number; forgedDomains: number };

/**
 * One GROUP BY by account and domain settles nearly all; only where a login may use single addresses of a domain are
 * the senders themselves looked at.
 */
export async function senderCounts(
  store: HostStore,
  span: Span,
  rights: SenderRights,
  account?: string,
): Promise<Map<string, SenderCount>> {
  const rows = await ask(
    store,
    "envelopes",
    span,
    "account, domain, count(DISTINCT lower(sender)) AS senders, count(*) AS messages",
    `${account === undefined ? "account <> 0" : `account = ${h(account)}`} AND sender <> ''`,
    "GROUP BY account, domain",
  );
  const text = await names(
    store,
    rows.flatMap((row) => [row.account, row.domain]),
  );
  const counts = new Map<string, SenderCount>();
  for (const row of rows) {
    const login = text(row.account);
    const domain = text(row.domain);
    const count = counts.get(login) ?? { distinct: 0, forged: 0, forgedMessages: 0, forgedDomains: 0 };
    counts.set(login, count);
    count.distinct += n(row.senders);
    if (mayUse(login, domain ? `*@${domain}` : "*", rights)) continue;
    let senders = n(row.senders);
    let messages = n(row.messages);
    const single = (rights.aliases[login] ?? rights.aliases[login.toLowerCase()] ?? []).filter((alias) =>
      alias.toLowerCase().endsWith(`@${domain.toLowerCase()}`),
    );
    if (single.length > 0 || login.toLowerCase().endsWith(`@${domain.toLowerCase()}`)) {
      const each = await ask(
        store,
        "envelopes",
        span,
        "lower(sender) AS sender, count(*) AS messages",
        `account = ${h(login)} AND domain = ${row.domain}`,
        "GROUP BY 1",
      );
      const forged = each.filter((entry) => !mayUse(login, String(entry.sender), rights));
      senders = forged.length;
      messages = forged.reduce((sum, entry) => sum + n(entry.messages), 0);
    }
    count.forged += senders;
    count.forgedMessages += messages;
    if (senders > 0) count.forgedDomains++;
  }
  return counts;
}
