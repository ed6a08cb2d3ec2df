import { domainOf } from "./address";
import type { Filter } from "./filter";
import { glob } from "./glob";
import { networks } from "./network";
import type { QueueMessage } from "./queue";
import { reasonKeys } from "./reason";

export type Test = (message: QueueMessage) => boolean;
export type FilterParts = Omit<Filter, "everything" | "except">;

/**
 * The filter as one predicate over messages of a listing made at `asOf` (ms). A message whose account or client is not
 * known yet matches no filter on them, and no exception of them: see {@link withoutUnknowns}.
 */
export function compileFilter(filter: Filter, asOf: number): Test {
  const tests = [...partTests(filter, asOf), ...exceptTests(filter.except ?? {})];
  return (message) => tests.every((test) => test(message));
}

function partTests(filter: FilterParts, asOf: number): Test[] {
  const tests: Test[] = [];
  const add = <T>(wanted: T | undefined, make: (wanted: T) => Test) => {
    if (wanted !== undefined) tests.push(make(wanted));
  };
  add(filter.instance, (list) => has(list, (m) => m.instance));
  add(filter.queue, (list) => has<string>(list, (m) => m.queue));
  add(filter.ids, ids);
  add(filter.account, account);
  add(filter.sender, (list) => has(list, (m) => m.sender));
  add(filter.senderDomain, (list) => has(lower(list), (m) => domainOf(m.sender)));
  add(filter.client, client);
  add(filter.olderThan, (seconds) => (m) => asOf - m.arrival >= seconds * 1000);
  add(filter.youngerThan, (seconds) => (m) => asOf - m.arrival <= seconds * 1000);
  add(filter.recipient, (list) => some(list, (address) => address));
  add(filter.recipientDomain, (list) => some(lower(list), domainOf));
  add(filter.senderPattern, (pattern) => {
    const test = glob(pattern);
    return (m) => test(m.sender);
  });
  add(filter.recipientPattern, (pattern) => {
    const test = glob(pattern);
    return (m) => m.recipients.some((to) => test(to.address));
  });
  add(filter.reason, reason);
  add(filter.text, text);
  return tests;
}

function exceptTests(except: NonNullable<Filter["except"]>): Test[] {
  const parts = Object.entries(except).filter(([, value]) => value !== undefined);
  return parts.map(([key, value]) => {
    const hit = compileFilter({ [key]: value }, 0);
    return (message: QueueMessage) => !hit(message);
  });
}

const lower = (list: string[]) => list.map((value) => value.toLowerCase());
function has<T extends string>(list: T[], of: (message: QueueMessage) => T): Test {
  const set = new Set(list);
  return (message) => set.has(of(message));
}
function some(list: string[], of: (address: string) => string): Test {
  const set = new Set(list);
  return (message) => message.recipients.some((to) => set.has(of(to.address)));
}
function ids(list: string[]): Test {
  const set = new Set(list);
  return (message) => set.has(message.id) || set.has(`${message.instance}/${message.id}`);
}
function account(list: string[]): Test {
  const set = new Set(list);
  return ({ account: of }) => of !== undefined && set.has(of ?? "");
}
function client(list: string[]): Test {
  const inside = networks(list);
  const none = list.includes("");
  return ({ client: of }) => of !== undefined && (of === null ? none : inside(of));
}
function reason(list: string[]): Test {
  const set = new Set(list);
  const keyOf = reasonKeys();
  return (message) => message.recipients.some((to) => set.has(keyOf(to.reason) ?? ""));
}
function text(wanted: string): Test {
  const part = wanted.toLowerCase();
  const within = (value: string | null | undefined) => value?.toLowerCase().includes(part) ?? false;
  return (m) =>
    within(m.sender) ||
    within(m.account) ||
    within(m.client) ||
    within(m.id) ||
    m.recipients.some((to) => within(to.address) || within(to.reason));
}

/** Whether an answer depends on accounts or clients, which a bare listing does not have. */
export function asksUnknowns(filter: Filter): boolean {
  const { account, client, except, text } = filter;
  return [account, client, text, except?.account, except?.client].some((part) => part !== undefined);
}

/** The same filter without those parts: every message that may turn out to match, once all is known. */
export function withoutUnknowns(filter: Filter): Filter {
  const { account, client, text, except, ...rest } = filter;
  if (!except) return rest;
  const { account: _account, client: _client, ...others } = except;
  return { ...rest, except: others };
}

/** Whether the filter says anything that narrows; one that does not needs `everything` to be acted on. */
export function narrows(filter: Filter): boolean {
  const { everything, except, ...parts } = filter;
  return Object.values(parts).some((part) => part !== undefined);
}
