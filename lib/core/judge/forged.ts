import { domainOf } from "../address";

/** What logins may send from, as the settings say it. */
export type SenderRights = {
  /** Domains that every login may use, beside its own. */
  ownDomains: string[];
  /** Login → further addresses (`a@b`) or domains (`b`). */
  aliases: Record<string, string[]>;
};

/**
 * Whether the login has a right to this envelope sender: its own address or domain, an own domain, an alias. The null
 * sender is everybody's (notices, RFC 5321 4.5.5). Case is folded. A login without `@` has no domain of its own:
 * where no own domains are configured either, nothing can be said of it, and all senders pass.
 */
export function mayUse(account: string, sender: string, rights: SenderRights): boolean {
  if (sender === "") return true;
  const from = sender.toLowerCase();
  const login = account.toLowerCase();
  // A login can be called `constructor`.
  const of = (name: string) => (Object.hasOwn(rights.aliases, name) ? rights.aliases[name] : undefined);
  const more = (of(account) ?? of(login) ?? []).map((entry) => entry.toLowerCase());
  if (!login.includes("@") && rights.ownDomains.length === 0 && more.length === 0) return true;
  if (from === login || more.includes(from)) return true;
  const domain = domainOf(from);
  // Postfix appends $myorigin to a sender without a domain: it is local, not forged.
  if (domain === "") return true;
  if (login.includes("@") && domain === domainOf(login)) return true;
  return more.includes(domain) || rights.ownDomains.some((own) => own.toLowerCase() === domain);
}
