import { type RejectClass, rejectClasses } from "../facts";
import type { Rule } from "../finding";
import { past } from "../past";
import { listed, percent, sum } from "../words";

const share = (part: number, rest: number) => (part + rest > 0 ? part / (part + rest) : 0);

/** Refusals as a share of what was tried. A past that was as bad (an old list, honestly kept) excuses it. */
export const rejectShare: Rule = (facts, thresholds) => {
  const classes = rejectClasses.map((name): [RejectClass, number] => [
    name,
    sum(facts.hours.map(({ rejects }) => rejects[name] ?? 0)),
  ]);
  const rejects = sum(classes.map(([, count]) => count));
  const now = share(rejects, sum(facts.hours.map(({ recipients }) => recipients)));
  const own = past(facts, thresholds);
  const before = own ? share(own.rejects, own.recipients) : 0;
  if (rejects < thresholds.failuresEnough || now < thresholds.rejectShare || now < before * 2) return null;
  return {
    weight: now >= thresholds.rejectShare * 2 ? 30 : 20,
    sentence: `${rejects.toLocaleString("en")} refusals, ${percent(now)} of what it tried${own ? `; ${percent(before)} in its past` : ""}.`,
    evidence: classes
      .filter(([, count]) => count > 0)
      .sort((a, b) => b[1] - a[1])
      .map(([name, count]) => ({ label: name, value: count.toLocaleString("en") })),
    from: facts.from,
    to: facts.to,
  };
};

export const bounceShare: Rule = (facts, thresholds) => {
  const bounced = sum(facts.hours.map((hour) => hour.bounced));
  const now = share(bounced, sum(facts.hours.map(({ delivered }) => delivered)));
  const own = past(facts, thresholds);
  const before = own ? share(own.bounced, own.delivered) : 0;
  if (bounced < thresholds.failuresEnough || now < thresholds.bounceShare || now < before * 2) return null;
  return {
    weight: now >= thresholds.bounceShare * 2 ? 30 : 20,
    sentence: `${bounced.toLocaleString("en")} deliveries bounced, ${percent(now)} of those that ended${own ? `; ${percent(before)} in its past` : ""}.`,
    evidence: [
      { label: "Bounced", value: bounced.toLocaleString("en") },
      {
        label: "Countries",
        value: listed([...new Set(facts.clients.flatMap(({ country }) => country ?? []))]) || "not known",
      },
    ],
    from: facts.from,
    to: facts.to,
  };
};
