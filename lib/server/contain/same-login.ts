import "server-only";
import { ask } from "../collect/collectors";

/** How far back other spellings of a login are looked for. */
const span = 7 * 86_400_000;

/** Other logins of the host's last week that differ from this one in case alone: who suspends is to know. Never throws. */
export async function otherSpellings(host: string, account: string): Promise<string[]> {
  const now = Date.now();
  const query = { span: { from: now - span, to: now + 60_000 }, rights: { ownDomains: [], aliases: {} } };
  try {
    const rows = await ask(host, "topAccounts", { ...query, limit: 100, text: account });
    return spelledOtherwise(
      account,
      rows.flatMap((row) => (row.messages > 0 ? [row.account] : [])),
    );
  } catch {
    return [];
  }
}

export const spelledOtherwise = (account: string, others: string[]): string[] =>
  others.filter((other) => other !== account && other.toLowerCase() === account.toLowerCase()).slice(0, 5);

/**
 * Whether an entry of the access table for one login is for the other, too. Postfix folds the keys of its tables
 * (postmap(1), dict_lmdb); where the table is asked exactly, that is left of letters outside ASCII alone.
 */
export const sameEntry = (one: string, other: string, exact: boolean): boolean =>
  folded(one, exact) === folded(other, exact);

const folded = (login: string, exact: boolean): string =>
  exact ? login.replace(/[^\0-\x7f]+/g, (letters) => letters.toLowerCase()) : login.toLowerCase();

/** Sentences to follow another, with a space before them; "" where there is no other spelling. */
export function warnOf(account: string, others: string[], exact: boolean): string {
  const hit = others.filter((other) => sameEntry(account, other, exact));
  const spared = others.filter((other) => !hit.includes(other));
  const said = [];
  if (spared.length > 0) said.push(` ${spared.join(", ")} is another login to Postfix and may go on sending.`);
  if (hit.length > 0)
    said.push(` Postfix does not tell upper from lower case here, so this is also for ${hit.join(", ")}.`);
  return said.join("");
}
