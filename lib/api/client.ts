import type { z } from "zod";
import type { CallName, Contract } from "./contract";
import { ApiError, type ErrorBody, errorStatus } from "./errors";
import { paths } from "./paths";

/** What a call answers, by the contract. */
export type Answer<N extends CallName> = z.output<Contract[N]["answer"]>;
type Body<N extends CallName> = Contract[N] extends { body: infer B extends z.ZodType } ? z.input<B> : never;
type Names<P extends string> = P extends `${string}:${infer N}/${infer Rest}`
  ? N | Names<Rest>
  : P extends `${string}:${infer N}`
    ? N
    : never;
export type Query = Record<string, string | number | readonly string[] | undefined>;
export type CallArgs<N extends CallName = CallName> = {
  params?: Record<Names<(typeof paths)[N][1]>, string>;
  query?: Query;
  body?: Body<N>;
  signal?: AbortSignal;
};

/** The address of a call, its parameters encoded; lists become repeated parameters, undefined ones are left out. */
export function urlOf<N extends CallName>(name: N, args: CallArgs<N> = {}): string {
  const params: Record<string, string> = args.params ?? {};
  const path = paths[name][1].replace(/:([a-z]+)/g, (_, key: string) => {
    const value = params[key];
    if (value === undefined) throw new Error(`${name} wants the parameter ${key}`);
    return encodeURIComponent(value);
  });
  const search = new URLSearchParams();
  for (const [key, value] of Object.entries(args.query ?? {})) {
    if (value === undefined) continue;
    if (typeof value === "object") for (const one of value) search.append(key, one);
    else search.set(key, String(value));
  }
  const text = search.toString();
  return text ? `${path}?${text}` : path;
}

/** Where a query's answer is kept. The name comes first, so that all answers of a call can be thrown away at once. */
export function keyOf<N extends CallName>(name: N, args: CallArgs<N> = {}) {
  return [name, args.params ?? {}, args.query ?? {}] as const;
}

/** The one door from pages to the server. Throws {@link ApiError} for every failure, the network's included. */
export async function call<N extends CallName>(name: N, args: CallArgs<N> = {}): Promise<Answer<N>> {
  let response: Response;
  try {
    response = await fetch(urlOf(name, args), {
      method: paths[name][0],
      headers: args.body === undefined ? undefined : { "content-type": "application/json" },
      body: args.body === undefined ? undefined : JSON.stringify(args.body),
      signal: args.signal,
      cache: "no-store",
    });
  } catch (error) {
    if (args.signal?.aborted) throw error;
    throw new DashboardAway();
  }
  if (response.ok) return (await response.json()) as Answer<N>;
  throw await failure(response);
}

/** The dashboard itself did not answer: not an error of the contract, since nobody was there to say one. */
export class DashboardAway extends Error {
  constructor() {
    super("The dashboard does not answer.");
    this.name = "DashboardAway";
  }
}

async function failure(response: Response): Promise<Error> {
  try {
    const { error } = (await response.json()) as ErrorBody;
    if (error.code in errorStatus) return new ApiError(error.code, error.message, error.detail);
  } catch {
    // Not our JSON: a proxy's page, most likely.
  }
  if (response.status === 502 || response.status === 504) return new DashboardAway();
  return new ApiError("internal", `The server answered ${response.status}.`);
}

/** Better Auth's own routes, which are not part of the contract. Throws an Error with the sentence it answered. */
export async function authCall<T>(path: string, body?: unknown): Promise<T> {
  const response = await fetch(`/api/auth/${path}`, {
    method: body === undefined ? "GET" : "POST",
    headers: body === undefined ? undefined : { "content-type": "application/json" },
    body: body === undefined ? undefined : JSON.stringify(body),
    cache: "no-store",
  }).catch(() => {
    throw new DashboardAway();
  });
  const answer: unknown = await response.json().catch(() => null);
  if (response.ok) return answer as T;
  const said = answer as { message?: string; error?: { message?: string } } | null;
  throw new AuthError(
    response.status,
    said?.message ?? said?.error?.message ?? `The server answered ${response.status}.`,
  );
}

export class AuthError extends Error {
  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
    this.name = "AuthError";
  }
}
