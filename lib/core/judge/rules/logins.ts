import type { Rule } from "../finding";
import { past } from "../past";
import { clock, listed, many, most } from "../words";

/**
 * Many wrong passwords, then a success from a place that is new. Machines guess at every address all day: a success of
 * the owner, from where the owner always is, between their guesses says nothing.
 */
export const bruteForce: Rule = (facts, thresholds) => {
  if (facts.firstSuccessAt === null || facts.failedBeforeFirstSuccess < thresholds.bruteForce) return null;
  const own = new Set(past(facts, thresholds)?.networks ?? []);
  const first = most(facts.clients, ({ firstAt }) => -firstAt);
  if (first && own.has(first.network)) return null;
  const spread = facts.failedAddresses >= thresholds.bruteForceAddresses;
  return {
    weight: spread ? 40 : 25,
    sentence: `${many(facts.failedBeforeFirstSuccess, "wrong password")} from ${many(facts.failedAddresses, "address", "addresses")} before the first success at ${clock(facts.firstSuccessAt)}${first ? ` from ${first.address}` : ""}${own.size > 0 ? ", a network new to this login" : ""}.`,
    evidence: [
      { label: "Wrong passwords", value: facts.failedBeforeFirstSuccess.toLocaleString("en") },
      { label: "First success", value: new Date(facts.firstSuccessAt).toISOString() },
    ],
    from: facts.from,
    to: facts.firstSuccessAt,
  };
};

/** Names that sending machines of botnets give themselves: seen by mail admins for years, by honest programs never. */
const bots = [/^ylmf-pc$/i, /^(win|desktop)-[a-z0-9]{7,12}\.?$/i, /^masscan$/i, /^(admin|user|test|hello)$/i];
const certain = /^(ylmf-pc|masscan)$/i;

/** Few hosts log HELO names: this rule is often silent. A Windows default name alone is weak, honest PCs have it too. */
export const botHelo: Rule = (facts) => {
  const named = facts.heloNames.filter(({ name }) => bots.some((bot) => bot.test(name)));
  if (named.length === 0) return null;
  const sure = named.some(({ name }) => certain.test(name));
  if (!sure && named.length < 3) return null;
  return {
    weight: sure ? 35 : 12,
    sentence: `It greets as ${listed(named.map(({ name }) => name))}, ${named.length === 1 ? "a name" : "names"} known from bots.`,
    evidence: named.slice(0, 8).map(({ name, count }) => ({ label: name, value: many(count, "time") })),
    from: facts.from,
    to: facts.to,
  };
};
