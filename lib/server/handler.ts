import "server-only";
import type { z } from "zod";
import { type CallName, type Contract, contract } from "../api/contract";
import { ApiError, type ErrorBody } from "../api/errors";
import { paths } from "../api/paths";
import { StoreError } from "../store/sqlite";
import { requireUser, type User } from "./auth";
import { toApiError } from "./hosts/api-error";
import { log } from "./log";

type Part<N extends CallName, K extends "query" | "body"> = Contract[N] extends { [P in K]: z.ZodType<infer T> }
  ? T
  : undefined;
type Answer<N extends CallName> = z.input<Contract[N]["answer"]> | Response;
export type Call<N extends CallName> = {
  params: Record<string, string>;
  query: Part<N, "query">;
  body: Part<N, "body">;
  /** All URL parameters, for the filters of the queue, which may repeat. */
  search: URLSearchParams;
  request: Request;
  /** Who asks. For calls that the contract marks `open` it is nobody. */
  user: User;
};

/** Bodies over this many bytes are refused: the largest honest one is a list of 200,000 queue ids. */
const bodyLimit = 16 * 1024 * 1024;
const nobody: User = { id: "", email: "", role: "viewer" };

/**
 * The one guard of every route: signed in (unless the contract says open), allowed (viewers only read, and not all), same origin
 * for what changes something, valid by the contract; and every error in the contract's form.
 */
export function handle<N extends CallName>(name: N, run: (call: Call<N>) => Promise<Answer<N>>) {
  return async (request: Request, context: { params: Promise<Record<string, string | string[] | undefined>> }) => {
    try {
      const call = contract[name] as { query?: z.ZodType; body?: z.ZodType; open?: true; admin?: true };
      const changes = paths[name][0] !== "GET";
      const user = call.open ? nobody : await requireUser(request, changes);
      if (call.admin && user.role !== "admin")
        throw new ApiError("not_allowed", "A viewer may look, not take the mail away: ask an admin.");
      // Next has decoded them; a malformed escape it refuses itself.
      const params = Object.fromEntries(
        Object.entries((await context.params) ?? {}).map(([key, value]) => [key, String(value ?? "")]),
      );
      const search = new URL(request.url).searchParams;
      const query = call.query ? parse(call.query, Object.fromEntries(search)) : undefined;
      const body = call.body ? parse(call.body, await json(request)) : undefined;
      const answer = await run({ params, query, body, search, request, user } as Call<N>);
      return answer instanceof Response ? answer : Response.json(answer, { headers: { "cache-control": "no-store" } });
    } catch (error) {
      return failure(name, error);
    }
  };
}

async function json(request: Request): Promise<unknown> {
  if (!request.headers.get("content-type")?.includes("application/json"))
    throw new ApiError("bad_request", "Send the body as application/json.");
  const bytes = await request.arrayBuffer();
  if (bytes.byteLength > bodyLimit) throw new ApiError("bad_request", "The body is larger than 16 MiB.");
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    throw new ApiError("bad_request", "The body is not JSON.");
  }
}

function parse(schema: z.ZodType, value: unknown): unknown {
  const read = schema.safeParse(value);
  if (read.success) return read.data;
  const issue = read.error.issues[0];
  throw new ApiError("bad_request", `${issue?.path.join(".") || "request"}: ${issue?.message ?? "not valid"}`);
}

function failure(name: string, error: unknown): Response {
  const known = asApiError(error);
  if (known.code === "internal" || known.code === "store_failed") log.error({ err: error, call: name }, "call failed");
  const body: ErrorBody = { error: { code: known.code, message: known.message } };
  if (known.detail) body.error.detail = known.detail;
  return Response.json(body, { status: known.status, headers: { "cache-control": "no-store" } });
}

/** Hosts' failures and the stores' come out under their own codes; whatever else is a defect of Sluice. */
function asApiError(error: unknown): ApiError {
  const told = toApiError(error);
  if (told instanceof ApiError) return told;
  if (error instanceof StoreError || (error instanceof Error && error.name === "SqliteError"))
    return new ApiError(
      "store_failed",
      "Sluice could not use its data folder; check its disk and rights, then try again.",
    );
  return new ApiError("internal", "Something failed in Sluice; its log says what.");
}
