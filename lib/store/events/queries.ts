import "server-only";
import { accountBaseline, accountClients, accountNumbers } from "./account";
import { accountFacts } from "./account-facts";
import type { HostStore } from "./host-store";
import { accountsOfIds, recordsOfMessage, unknownShapes } from "./messages";
import { openSessions } from "./open-sessions";
import { lineNear, positions } from "./positions";
import { accountSessions } from "./sessions";
import { accountTimeline } from "./timeline";
import { topAccounts } from "./top-accounts";

/** What the main thread can ask of the worker; parameters and answers are plain data. */
export const queries = {
  topAccounts,
  accountNumbers,
  accountBaseline,
  accountClients,
  accountSessions,
  accountTimeline,
  positions,
  lineNear,
  accountsOfIds,
  recordsOfMessage,
  unknownShapes: (store: HostStore, _: null) => unknownShapes(store),
  accountFacts,
  openSessions,
  span: async (store: HostStore, _: null) => store.span,
} satisfies Record<string, (store: HostStore, params: never) => Promise<unknown>>;
export type Queries = typeof queries;
export type QueryName = keyof Queries;
export type QueryParams<N extends QueryName> = Parameters<Queries[N]>[1];
export type QueryAnswer<N extends QueryName> = Awaited<ReturnType<Queries[N]>>;
