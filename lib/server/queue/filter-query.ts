import "server-only";
import type { z } from "zod";
import { ApiError } from "../../api/errors";
import { filter as schema } from "../../api/queue";
import type { Filter } from "../../core/filter";

const lists = [
  "account",
  "sender",
  "senderDomain",
  "client",
  "recipient",
  "recipientDomain",
  "queue",
  "reason",
  "ids",
  "instance",
] as const;
const single = ["senderPattern", "recipientPattern", "text", "olderThan", "youngerThan"] as const;
const exceptions = ["account", "sender", "senderDomain", "client", "recipient"] as const;

/** The filter in URL parameters: each key may repeat; exceptions as exceptAccount … exceptRecipient. */
export function filterOf(search: URLSearchParams): Filter {
  const given: Record<string, unknown> = {};
  const except: Record<string, unknown> = {};
  for (const key of lists) if (search.has(key)) given[key] = search.getAll(key);
  for (const key of single) if (search.has(key)) given[key] = search.get(key);
  for (const key of exceptions) {
    const name = `except${key[0]?.toUpperCase()}${key.slice(1)}`;
    if (search.has(name)) except[key] = search.getAll(name);
  }
  if (Object.keys(except).length > 0) given.except = except;
  const read = schema.safeParse(given);
  if (read.success) return asFilter(read.data);
  const issue = read.error.issues[0];
  throw new ApiError("bad_request", `${issue?.path.join(".") || "filter"}: ${issue?.message ?? "not valid"}`);
}

/** What the contract's schema gives, as core's type; keys without a value are left out. */
export function asFilter(given: z.output<typeof schema>): Filter {
  const { except, ...rest } = given;
  const filter = withoutEmpty(rest) as Filter;
  if (except && Object.keys(withoutEmpty(except)).length > 0) filter.except = withoutEmpty(except);
  return filter;
}

const withoutEmpty = <T extends object>(given: T): T =>
  Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as T;
