import { hoursBetween } from "../country-position";
import type { AccountFacts } from "../facts";
import type { Rule } from "../finding";
import { past } from "../past";
import { clock, hourMs, listed, many, most, percent, sum } from "../words";

/** Many networks within one hour: more than the threshold and clearly more than the account's own busiest hour. */
export const networksPerHour: Rule = (facts, thresholds) => {
  const hour = most(facts.hours, ({ networks }) => networks);
  const own = past(facts, thresholds)?.networksPerHourMax ?? 0;
  const bound = Math.max(thresholds.networksPerHour, Math.ceil(own * 2));
  if (!hour || hour.networks < bound) return null;
  return {
    weight: hour.networks >= bound * 3 ? 50 : 30,
    sentence: `${many(hour.networks, "network")} sent mail with this login within the hour from ${clock(hour.at)}${own ? `; its own past shows at most ${own}` : ""}.`,
    evidence: [
      { label: "Networks in the hour", value: String(hour.networks) },
      { label: "Most in an hour before", value: own ? String(own) : "no past" },
      { label: "Examples", value: listed(facts.clients.map(({ address }) => address)) },
    ],
    from: hour.at,
    to: hour.at + hourMs,
  };
};

export const countriesPerHour: Rule = (facts, thresholds) => {
  const hour = most(facts.hours, ({ countries }) => countries.length);
  if (!hour || hour.countries.length < thresholds.countriesPerHour) return null;
  return {
    weight: hour.countries.length >= thresholds.countriesPerHour + 2 ? 50 : 35,
    sentence: `Mail came from ${hour.countries.length} countries (${listed(hour.countries, 8)}) within the hour from ${clock(hour.at)}.`,
    evidence: [{ label: "Countries", value: hour.countries.join(", ") }],
    from: hour.at,
    to: hour.at + hourMs,
  };
};

/** Many networks over the whole window, few in any hour: a botnet that takes its time. */
export const networksInWindow: Rule = (facts, thresholds) => {
  const seen = new Set(facts.clients.map(({ network }) => network));
  const own = new Set(past(facts, thresholds)?.networks ?? []);
  const fresh = [...seen].filter((network) => !own.has(network));
  const countries = new Set(facts.clients.flatMap(({ country }) => country ?? []));
  const bound = Math.max(2 * thresholds.networksPerHour, own.size);
  if (fresh.length < bound || countries.size < thresholds.countriesPerHour) return null;
  return {
    weight: 40,
    sentence: `${many(fresh.length, "network")} in ${many(countries.size, "country", "countries")} that this login never used before sent its mail.`,
    evidence: [
      { label: "New networks", value: listed(fresh) },
      { label: "Countries", value: listed([...countries], 12) },
      { label: "Networks known before", value: String(own.size) },
    ],
    from: facts.from,
    to: facts.to,
  };
};

type Sight = { country: string; from: number; to: number; address: string; how: string };

function sights(facts: AccountFacts): Sight[] {
  const seen: Sight[] = [];
  for (const client of facts.clients)
    if (client.country)
      seen.push({
        country: client.country,
        from: client.firstAt,
        to: client.lastAt,
        address: client.address,
        how: "sending",
      });
  for (const login of facts.mailbox)
    if (login.country && login.ok > 0)
      seen.push({
        country: login.country,
        from: login.firstAt,
        to: login.lastAt,
        address: login.address,
        how: login.protocol.toUpperCase(),
      });
  return seen.sort((a, b) => a.from - b.from);
}

/**
 * The login was at two places faster than an airliner goes. Both countries known from the past is a VPN or two people
 * of one office, and passes. With a new country it makes 35, one to watch: an honest traveller who sends partly through
 * a VPN at home does the same.
 */
export const impossibleTravel: Rule = (facts, thresholds) => {
  const known = new Set(past(facts, thresholds)?.countries ?? []);
  const all = sights(facts).slice(0, 400);
  let worst: { a: Sight; b: Sight; missing: number; gap: number } | null = null;
  for (let i = 0; i < all.length; i++)
    for (let j = i + 1; j < all.length; j++) {
      const [a, b] = [all[i], all[j]];
      if (!a || !b || a.country === b.country || (known.has(a.country) && known.has(b.country))) continue;
      const gap = Math.max(0, b.from - a.to) / hourMs;
      const missing = hoursBetween(a.country, b.country) - gap;
      if (missing > 0.5 && (!worst || missing > worst.missing)) worst = { a, b, missing, gap };
    }
  if (!worst) return null;
  const { a, b, gap } = worst;
  const least = Math.round(hoursBetween(a.country, b.country) * 10) / 10;
  return {
    weight: 20,
    sentence: `${a.country} (${a.address}, ${a.how}) and ${b.country} (${b.address}, ${b.how}) ${gap === 0 ? "at the same time" : `${Math.round(gap * 60)} minutes apart`}; the journey takes at least ${least} hours.`,
    evidence: [
      { label: a.country, value: `${a.address}, ${a.how}, until ${clock(a.to)}` },
      { label: b.country, value: `${b.address}, ${b.how}, from ${clock(b.from)}` },
    ],
    from: a.from,
    to: Math.max(a.to, b.to),
  };
};

/** Networks and countries that the account's own past does not have. */
export const newNetwork: Rule = (facts, thresholds) => {
  const own = past(facts, thresholds);
  const total = sum(facts.clients.map(({ messages }) => messages));
  if (!own || total === 0) return null;
  const networks = new Set(own.networks);
  const fresh = facts.clients.filter(({ network }) => !networks.has(network));
  const first = fresh[0];
  const share = sum(fresh.map(({ messages }) => messages)) / total;
  if (!first || share < 0.2) return null;
  const countries = new Set(own.countries);
  const abroad = [...new Set(fresh.flatMap(({ country }) => (country && !countries.has(country) ? [country] : [])))];
  return {
    weight: abroad.length > 0 ? 15 : 6,
    sentence: `${percent(share)} of the mail came from networks never seen for this login before${abroad.length > 0 ? `, in ${listed(abroad)}, where it never was` : ""}.`,
    evidence: [
      { label: "New networks", value: listed([...new Set(fresh.map(({ network }) => network))]) },
      { label: "Countries before", value: listed(own.countries) || "not known" },
    ],
    from: Math.min(...fresh.map(({ firstAt }) => firstAt)),
    to: Math.max(...fresh.map(({ lastAt }) => lastAt)),
  };
};
