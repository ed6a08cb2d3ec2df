import type { Filter } from "./filter";
import type { QueueMessage, QueueName } from "./queue";
import { archives, type Kind } from "./safe-action";

type Top<K> = { key: K; messages: number };
export type Warning = { code: string; message: string };
export type PlanNumbers = {
  messages: number;
  recipients: number;
  bytes: number;
  queues: { queue: QueueName; messages: number }[];
  senders: Top<string>[];
  senderCount: number;
  accounts: Top<string | null>[];
  accountCount: number;
};

/** Whether a plan may name the message: files in maildrop are no messages yet, those in corrupt are none any more. */
export function canBePlanned(kind: Kind, message: QueueMessage): boolean {
  if (message.queue === "maildrop" || message.queue === "corrupt") return false;
  if (kind === "release") return message.queue === "hold";
  if (kind === "hold" || kind === "flush") return message.queue !== "hold";
  return true;
}

/** Counts of a plan; feed it message by message. Tops hold the 20 largest. */
export function planCounter(): { add(message: QueueMessage): void; numbers(): PlanNumbers } {
  const [queues, senders, accounts] = [
    new Map<QueueName, number>(),
    new Map<string, number>(),
    new Map<string | null, number>(),
  ];
  let [messages, recipients, bytes] = [0, 0, 0];
  return {
    add(message) {
      messages++;
      recipients += message.recipients.length;
      bytes += message.size;
      count(queues, message.queue);
      count(senders, message.sender);
      count(accounts, message.account ?? null);
    },
    numbers: () => ({
      messages,
      recipients,
      bytes,
      queues: top(queues).map(({ key, messages }) => ({ queue: key, messages })),
      senders: top(senders).slice(0, 20),
      senderCount: senders.size,
      accounts: top(accounts).slice(0, 20),
      accountCount: accounts.size,
    }),
  };
}

const count = <K>(counts: Map<K, number>, key: K) => counts.set(key, (counts.get(key) ?? 0) + 1);
const top = <K>(counts: Map<K, number>): Top<K>[] =>
  [...counts].map(([key, messages]) => ({ key, messages })).sort((a, b) => b.messages - a.messages);

const plural = (n: number, one: string, many = `${one}s`) => `${n.toLocaleString("en")} ${n === 1 ? one : many}`;

/**
 * What an admin must know before confirming, most serious first. `left` counts what matched and cannot be planned,
 * `age` is the listing's in seconds.
 */
export function warningsOf(
  kind: Kind,
  filter: Filter,
  numbers: PlanNumbers,
  about: { left: number; age: number },
): Warning[] {
  const warnings: Warning[] = [];
  const named = filter.account !== undefined;
  const [main] = numbers.accounts.filter(({ key }) => key !== null);
  const none = numbers.accounts.find(({ key }) => key === null)?.messages ?? 0;
  const others = numbers.messages - none - (main?.messages ?? 0);
  if (!named && main && others > 0) {
    const list = numbers.accounts
      .filter(({ key }) => key !== null && key !== main.key)
      .slice(0, 3)
      .map(({ key, messages }) => `${key} ${messages.toLocaleString("en")}`);
    warnings.push({
      code: "other_accounts",
      message: `Includes ${plural(others, "message")} of other accounts than ${main.key} (${list.join(", ")}${numbers.accountCount > 5 ? " …" : ""}).`,
    });
  }
  if (!named && none > 0)
    warnings.push({
      code: "no_account",
      message: `Includes ${plural(none, "message")} that no login sent: incoming, local or bounced mail.`,
    });
  const active = numbers.queues.find(({ queue }) => queue === "active")?.messages ?? 0;
  if (active > 0)
    warnings.push({
      code: "in_delivery",
      message: `${plural(active, "message is", "messages are")} in delivery now: what an agent finishes first is reported as delivered.`,
    });
  if (archives(kind) && !filter.account && numbers.messages > 0 && filter.everything)
    warnings.push({ code: "everything", message: "This is the whole queue, whoever sent it." });
  if (about.left > 0)
    warnings.push({
      code: "not_included",
      message: `${plural(about.left, "message that matches is", "messages that match are")} not included: the action does not apply where they are (${kind === "release" ? "not on hold" : kind === "hold" || kind === "flush" ? "on hold, maildrop or corrupt" : "maildrop or corrupt"}).`,
    });
  if (about.age > 30)
    warnings.push({ code: "listing_age", message: `The queue was listed ${Math.round(about.age)} seconds ago.` });
  return warnings;
}

/** What must be typed: for a purge above `typedAbove` the account where the filter is one account, else the count. */
export function confirmText(kind: Kind, filter: Filter, messages: number, typedAbove: number): string | null {
  if (!archives(kind) || messages <= typedAbove) return null;
  const { account, ...rest } = filter;
  const only = Object.values(rest).every((part) => part === undefined);
  return account?.length === 1 && account[0] && only ? account[0] : String(messages);
}

/** Whether what came back confirms: the text asked for, or the exact count as a number or its digits. */
export function confirms(
  wanted: string | null,
  messages: number,
  given: string | number | boolean | undefined,
): boolean {
  if (wanted === null) return true;
  if (typeof given === "number") return given === messages;
  return typeof given === "string" && (given.trim() === wanted || given.trim() === String(messages));
}
