import { domainOf } from "./address";
import type { QueueMessage } from "./queue";
import { reasonKeys } from "./reason";

export type Facet =
  | "account"
  | "sender"
  | "senderDomain"
  | "client"
  | "recipientDomain"
  | "queue"
  | "reason"
  | "age"
  | "instance";
export type Group = { key: string | null; messages: number; recipients: number; bytes: number; oldest: number };

/** Where classes of age begin, in seconds. A class is named `FROM-TO`, TO empty for the oldest: `0-300` … `86400-`. */
const ageSteps = [0, 300, 3_600, 21_600, 86_400];
const ageClasses = ageSteps.map((from, at) => `${from}-${ageSteps[at + 1] ?? ""}`);
const ageOf = (seconds: number): string => ageClasses[ageSteps.findLastIndex((from) => seconds >= from)] ?? "0-300";

/**
 * Counts messages by a facet; feed it message by message. A message with recipients in several domains (or with several
 * reasons) counts in each of them, with only those recipients; so sums over these groups can exceed the queue.
 */
export function grouper(facet: Facet, asOf: number): { add(message: QueueMessage): void; groups(): Group[] } {
  const groups = new Map<string | null, Group>();
  const count = (key: string | null, message: QueueMessage, recipients: number) => {
    const group = groups.get(key);
    if (!group) groups.set(key, { key, messages: 1, recipients, bytes: message.size, oldest: message.arrival });
    else {
      group.messages++;
      group.recipients += recipients;
      group.bytes += message.size;
      if (message.arrival < group.oldest) group.oldest = message.arrival;
    }
  };
  const byRecipient = (keyOf: (to: QueueMessage["recipients"][number]) => string | null) => (message: QueueMessage) => {
    if (message.recipients.length === 1 && message.recipients[0])
      return count(keyOf(message.recipients[0]), message, 1);
    const own = new Map<string | null, number>();
    for (const to of message.recipients) {
      const key = keyOf(to);
      own.set(key, (own.get(key) ?? 0) + 1);
    }
    for (const [key, recipients] of own) count(key, message, recipients);
  };
  const byMessage = (keyOf: (message: QueueMessage) => string | null) => (message: QueueMessage) =>
    count(keyOf(message), message, message.recipients.length);
  const reason = reasonKeys();
  const ways: Record<Facet, (message: QueueMessage) => void> = {
    account: byMessage((m) => m.account ?? null),
    sender: byMessage((m) => m.sender),
    senderDomain: byMessage((m) => domainOf(m.sender)),
    client: byMessage((m) => m.client ?? null),
    queue: byMessage((m) => m.queue),
    instance: byMessage((m) => m.instance),
    age: byMessage((m) => ageOf((asOf - m.arrival) / 1000)),
    recipientDomain: byRecipient((to) => domainOf(to.address)),
    reason: byRecipient((to) => reason(to.reason)),
  };
  const order =
    facet === "age"
      ? (a: Group, b: Group) => ageRank(a) - ageRank(b)
      : (a: Group, b: Group) => b.messages - a.messages || ((a.key ?? "") < (b.key ?? "") ? -1 : 1);
  return { add: ways[facet], groups: () => [...groups.values()].sort(order) };
}

const ageRank = (group: Group) => ageClasses.indexOf(group.key ?? "");
