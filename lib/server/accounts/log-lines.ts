import "server-only";
import type { RawLine } from "../../api/common";
import type { PositionsQuery } from "../../store/events/positions";
import { ask } from "../collect/collectors";
import { rights, spanOf, type Window } from "./accounts";
import { providerOf } from "./provider";
import { linesAt } from "./raw-lines";

/** The raw lines behind a number of an account, newest last, with N neighbours of each. */
export async function accountLines(
  host: string,
  account: string,
  query: Window &
    Omit<PositionsQuery, "account" | "span" | "rights" | "limit" | "clients"> & {
      provider?: string;
      limit?: number;
      around?: number;
    },
): Promise<{ lines: RawLine[]; total: number }> {
  const span = await spanOf(host, query);
  const { from: _, to: __, last: ___, limit = 200, around = 0, provider, ...which } = query;
  const clients =
    provider === undefined
      ? undefined
      : (await ask(host, "accountClients", { account, span }))
          .map(({ address }) => address)
          .filter((address) => providerOf(address) === provider);
  const found = await ask(host, "positions", {
    ...which,
    ...(clients && { clients }),
    account,
    span,
    limit,
    rights: rights(),
  });
  return { lines: await linesAt(host, found.lines, around), total: found.total };
}

/** Raw lines around a moment: the stored line nearest to it, with its neighbours. */
export async function logAround(host: string, query: { at: string; before?: number; after?: number }) {
  const { before = 50, after = 50 } = query;
  const near = await ask(host, "lineNear", { at: Date.parse(query.at) });
  if (!near) return { lines: [] };
  const around = await linesAt(host, [near], Math.max(before, after));
  const hit = around.findIndex((line) => line.hit);
  return { lines: around.slice(Math.max(0, hit - before), hit + 1 + after) };
}

export async function unknownLines(host: string) {
  const shapes = await ask(host, "unknownShapes", null);
  return shapes.map((shape) => ({ ...shape, last: new Date(shape.last).toISOString() }));
}
