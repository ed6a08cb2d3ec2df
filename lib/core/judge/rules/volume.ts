import type { AccountFacts, BaselineFacts, RecipientHistogram } from "../facts";
import type { Rule } from "../finding";
import { past } from "../past";
import { clock, hourMs, many, most, percent, sum } from "../words";

/**
 * An hour far above the account's own busiest one. From the owner's own networks it weighs less: an invitation to a
 * whole club looks like this, and stolen accounts are rarely used from there.
 */
export const jump: Rule = (facts, thresholds) => {
  const hour = most(facts.hours, ({ recipients }) => recipients);
  if (!hour) return null;
  const own = past(facts, thresholds);
  const bound = own
    ? Math.max(thresholds.jumpAtLeast, own.recipientsPerHourMax * thresholds.jumpFactor)
    : thresholds.newAccountPerHour;
  if (hour.recipients < bound) return null;
  return {
    weight: atHome(facts, own) ? 20 : hour.recipients >= bound * 4 ? 40 : 25,
    sentence: own
      ? `${many(hour.recipients, "recipient")} within the hour from ${clock(hour.at)}; its busiest hour before had ${own.recipientsPerHourMax.toLocaleString("en")}.`
      : `${many(hour.recipients, "recipient")} within the hour from ${clock(hour.at)}, and no past of this login to compare with.`,
    evidence: [
      { label: "Messages in the hour", value: hour.messages.toLocaleString("en") },
      { label: "Busiest hour before", value: own ? many(own.recipientsPerHourMax, "recipient") : "no past" },
    ],
    from: hour.at,
    to: hour.at + hourMs,
  };
};

const dayMs = 24 * hourMs;

/** No hour stands out, but the window as a whole does: half the factor over a mean day with mail. */
export const dayJump: Rule = (facts, thresholds) => {
  const own = past(facts, thresholds);
  const total = sum(facts.hours.map(({ recipients }) => recipients));
  if (!own) return null;
  const meanDay = own.recipients / own.daysSeen;
  const days = Math.max(1, (facts.to - facts.from) / dayMs);
  if (total / days < Math.max(thresholds.jumpAtLeast, meanDay * thresholds.jumpFactor)) return null;
  return {
    weight: 20,
    sentence: `${many(Math.round(total / days), "recipient")} a day; a day with mail in its past has ${Math.round(meanDay).toLocaleString("en")}.`,
    evidence: [
      { label: "Recipients in the window", value: total.toLocaleString("en") },
      { label: "Days with mail before", value: String(own.daysSeen) },
    ],
    from: facts.from,
    to: facts.to,
  };
};

/** Nearly all the window's mail came from networks of the past. */
function atHome({ clients }: AccountFacts, own: BaselineFacts | null): boolean {
  const known = new Set(own?.networks ?? []);
  const at = sum(clients.filter(({ network }) => known.has(network)).map(({ messages }) => messages));
  return at >= 0.9 * sum(clients.map(({ messages }) => messages));
}

/** Lower bound of each bucket. */
const atLeast: Record<keyof RecipientHistogram, number> = {
  one: 1,
  upTo5: 2,
  upTo20: 6,
  upTo50: 21,
  upTo100: 51,
  more: 101,
};

/** Messages with very many recipients, where the past has few of them on average. */
export const recipientsPerMessage: Rule = (facts, thresholds) => {
  const buckets = Object.entries(facts.recipientsPerMessage) as [keyof RecipientHistogram, number][];
  const total = sum(buckets.map(([, count]) => count));
  const mass = sum(
    buckets.filter(([name]) => atLeast[name] >= thresholds.recipientsPerMessage).map(([, count]) => count),
  );
  const own = past(facts, thresholds);
  const mean = own && own.messages > 0 ? own.recipients / own.messages : 0;
  if (mass < 3 || mass / total < 0.1 || mean > thresholds.recipientsPerMessage / 3) return null;
  return {
    weight: 15,
    sentence: `${many(mass, "message")} (${percent(mass / total)}) had ${thresholds.recipientsPerMessage} recipients or more${mean ? `; its past has ${mean.toFixed(1)} a message` : ""}.`,
    evidence: [{ label: "Over 100 recipients", value: many(facts.recipientsPerMessage.more, "message") }],
    from: facts.from,
    to: facts.to,
  };
};

/** Most of the mail in hours of the day in which the account hardly ever sent. */
export const unusualHours: Rule = (facts, thresholds) => {
  const own = past(facts, thresholds);
  const total = sum(facts.hours.map(({ messages }) => messages));
  const before = own ? sum(own.hoursOfDay) : 0;
  if (!own || own.daysSeen < 3 || before < 50 || total < 15) return null;
  const odd = facts.hours.filter(({ at }) => {
    const hour = new Date(at).getUTCHours();
    const near = [hour + 23, hour, hour + 1].map((h) => own.hoursOfDay[h % 24] ?? 0);
    return sum(near) / before < thresholds.unusualHours;
  });
  const share = sum(odd.map(({ messages }) => messages)) / total;
  const first = odd[0];
  const last = odd.at(-1);
  if (!first || !last || share < 0.5) return null;
  return {
    weight: 12,
    sentence: `${percent(share)} of the mail went out at hours of the day in which this login hardly ever sent.`,
    evidence: [{ label: "Hours", value: `${clock(first.at)} to ${clock(last.at + hourMs)}` }],
    from: first.at,
    to: last.at + hourMs,
  };
};
