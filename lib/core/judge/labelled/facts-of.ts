import type { AccountFacts, BaselineFacts, HourFacts } from "../facts";
import { mayUse } from "../forged";
import { networkOf } from "../network";
import { day, hour, type SentMessage, type Story, windowFrom, windowTo } from "./story";

const total = (items: SentMessage[], of: (item: SentMessage) => number) =>
  items.reduce((sum, item) => sum + of(item), 0);
const distinct = <T>(items: T[]) => [...new Set(items)];

function grouped<T>(items: T[], key: (item: T) => string | number): T[][] {
  const groups = new Map<string | number, T[]>();
  for (const item of items) {
    const group = groups.get(key(item));
    if (group) group.push(item);
    else groups.set(key(item), [item]);
  }
  return [...groups.values()];
}

const byHour = (messages: SentMessage[]) => grouped(messages, ({ at }) => Math.floor(at / hour));
const networksOf = (messages: { address: string }[]) => distinct(messages.map(({ address }) => networkOf(address)));

/** Counts a story the slow and obvious way. */
export function factsOf(story: Story): AccountFacts {
  const rights = { ownDomains: [], aliases: {} };
  const forged = (message: SentMessage) => !mayUse(story.account, message.sender, rights);
  const now = story.messages.filter(({ at }) => at >= windowFrom && at < windowTo).sort((a, b) => a.at - b.at);
  const before = story.messages.filter(({ at }) => at < windowFrom);
  const logins = story.logins.filter(({ at }) => at >= windowFrom && at < windowTo);
  const failed = logins.filter(({ ok, protocol }) => !ok && protocol === "smtp");
  const hours = byHour(now).map((messages): HourFacts => {
    const at = Math.floor((messages[0]?.at ?? 0) / hour) * hour;
    return {
      at,
      messages: messages.length,
      recipients: total(messages, ({ recipients }) => recipients),
      rejects: { "unknown-recipient": total(messages, ({ refused }) => refused) },
      delivered: total(messages, ({ recipients, bounced, deferred }) => recipients - bounced - deferred),
      bounced: total(messages, ({ bounced }) => bounced),
      deferred: total(messages, ({ deferred }) => deferred),
      failedLogins: failed.filter((login) => login.at >= at && login.at < at + hour).length,
      networks: networksOf(messages).length,
      countries: distinct(messages.map(({ country }) => country)),
    };
  });
  const foreign = now.filter(forged);
  const bySender = grouped(foreign, ({ sender }) => sender).sort((a, b) => b.length - a.length);
  const first = now[0]?.at ?? null;
  const guesses = failed.filter(({ at }) => first === null || at < first);
  const clients = grouped(now, ({ address }) => address).sort((a, b) => b.length - a.length);
  const size = (least: number, most: number) =>
    now.filter(({ recipients }) => recipients >= least && recipients <= most).length;
  return {
    account: story.account,
    from: windowFrom,
    to: windowTo,
    hours,
    sessions: clients.length,
    senders: {
      distinct: distinct(now.map(({ sender }) => sender)).length,
      forged: bySender.length,
      forgedMessages: foreign.length,
      forgedDomains: distinct(foreign.map(({ sender }) => sender.split("@")[1])).length,
      examples: bySender.slice(0, 5).map((group) => ({ sender: group[0]?.sender ?? "", messages: group.length })),
    },
    clients: clients.slice(0, 500).map((group) => ({
      address: group[0]?.address ?? "",
      network: networkOf(group[0]?.address ?? ""),
      country: group[0]?.country ?? null,
      firstAt: group[0]?.at ?? 0,
      lastAt: group.at(-1)?.at ?? 0,
      messages: group.length,
    })),
    clientCount: clients.length,
    heloNames: grouped(story.heloNames, (name) => name).map((group) => ({ name: group[0] ?? "", count: group.length })),
    recipientsPerMessage: {
      one: size(1, 1),
      upTo5: size(2, 5),
      upTo20: size(6, 20),
      upTo50: size(21, 50),
      upTo100: size(51, 100),
      more: size(101, Number.MAX_SAFE_INTEGER),
    },
    failedBeforeFirstSuccess: guesses.length,
    failedAddresses: distinct(guesses.map(({ address }) => address)).length,
    firstSuccessAt: first,
    mailbox: grouped(
      logins.filter(({ protocol }) => protocol !== "smtp"),
      ({ protocol, address }) => `${protocol} ${address}`,
    ).map((group) => ({
      protocol: group[0]?.protocol ?? "",
      address: group[0]?.address ?? "",
      network: networkOf(group[0]?.address ?? ""),
      country: group[0]?.country ?? null,
      ok: group.filter(({ ok }) => ok).length,
      failed: group.filter(({ ok }) => !ok).length,
      firstAt: Math.min(...group.map(({ at }) => at)),
      lastAt: Math.max(...group.map(({ at }) => at)),
    })),
    baseline: pastOf(before, story, forged),
  };
}

function pastOf(before: SentMessage[], story: Story, forged: (message: SentMessage) => boolean): BaselineFacts | null {
  const read = story.logins.filter(({ at, ok, protocol }) => at < windowFrom && ok && protocol !== "smtp");
  if (before.length === 0 && read.length === 0) return null;
  const hours = byHour(before);
  const recipients = (messages: SentMessage[]) => total(messages, (message) => message.recipients);
  return {
    from: Math.min(...before.map(({ at }) => at), ...read.map(({ at }) => at)),
    to: windowFrom,
    daysSeen: grouped(before, ({ at }) => Math.floor(at / day)).length,
    hoursSeen: hours.length,
    messages: before.length,
    recipients: recipients(before),
    messagesPerHourMax: Math.max(0, ...hours.map(({ length }) => length)),
    recipientsPerHourMax: Math.max(0, ...hours.map(recipients)),
    networksPerHourMax: Math.max(0, ...hours.map((messages) => networksOf(messages).length)),
    networks: networksOf([...before, ...read]).slice(0, 500),
    countries: distinct([...before, ...read].map(({ country }) => country)),
    hoursOfDay: Array.from(
      { length: 24 },
      (_, h) => before.filter(({ at }) => new Date(at).getUTCHours() === h).length,
    ),
    rejects: total(before, ({ refused }) => refused),
    delivered: recipients(before) - total(before, ({ bounced, deferred }) => bounced + deferred),
    bounced: total(before, ({ bounced }) => bounced),
    deferred: total(before, ({ deferred }) => deferred),
    failedLogins: story.logins.filter(({ at, ok, protocol }) => at < windowFrom && !ok && protocol === "smtp").length,
    forgedSenders: distinct(before.filter(forged).map(({ sender }) => sender)).length,
  };
}
