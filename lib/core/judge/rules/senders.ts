import type { Rule } from "../finding";
import { past } from "../past";
import { many, percent, sum } from "../words";

/**
 * Envelope senders that the login has no right to. A login that always did this (a mailing system for customers) is
 * judged against its past; one that never did is marked by a single foreign address, if nearly all its mail has it.
 */
export const forgedSenders: Rule = ({ senders, ...facts }, thresholds) => {
  if (senders.forged === 0) return null;
  const own = past({ senders, ...facts }, thresholds);
  if (own && own.forgedSenders * 2 >= senders.forged) return null;
  const total = sum(facts.hours.map(({ messages }) => messages));
  const share = total > 0 ? Math.min(1, senders.forgedMessages / total) : 0;
  const enough = senders.forged >= thresholds.forgedSenders;
  const taken =
    own !== null && own.forgedSenders === 0 && share >= thresholds.forgedShare && senders.forgedMessages >= 10;
  if (!enough && !taken) return null;
  return {
    weight: senders.forged >= 10 * thresholds.forgedSenders ? 55 : enough ? 40 : 30,
    sentence: `${many(senders.forged, "envelope sender")} in ${many(senders.forgedDomains, "domain")} that this login has no right to, on ${percent(share)} of its messages${senders.examples[0] ? `; for example ${senders.examples[0].sender}` : ""}.`,
    evidence: [
      ...senders.examples.map(({ sender, messages }) => ({ label: sender, value: many(messages, "message") })),
      { label: "Foreign senders in its past", value: own ? String(own.forgedSenders) : "no past" },
    ],
    from: facts.from,
    to: facts.to,
  };
};
