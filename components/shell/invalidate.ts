import type { QueryClient } from "@tanstack/react-query";
import type { Answer } from "../../lib/api/client";
import type { CallName } from "../../lib/api/contract";
import type { StreamEventName, StreamEvents } from "../../lib/api/events";
import { containProgress } from "../domain/contain-progress";

type Params = { host?: string; account?: string; action?: string };
function touch(client: QueryClient, names: CallName[], fits: (params: Params) => boolean = () => true): void {
  const predicate = ({ queryKey }: { queryKey: readonly unknown[] }) =>
    names.includes(queryKey[0] as CallName) && fits((queryKey[1] ?? {}) as Params);
  // A first answer that is on its way is waited for, not asked anew: it may be older than the news, so it is asked after.
  const early = new Set(
    client.getQueryCache().findAll({
      predicate: (query) => predicate(query) && query.state.data === undefined && query.state.fetchStatus !== "idle",
    }),
  );
  void client.invalidateQueries({ predicate }).then(() => {
    if (early.size > 0) void client.invalidateQueries({ predicate: (query) => early.has(query) });
  });
}

/** What an event of the stream makes old. Queue sizes are in the event itself and are put straight in. */
export function applyEvent<N extends StreamEventName>(client: QueryClient, name: N, data: StreamEvents[N]): void {
  const handlers: { [K in StreamEventName]: (data: StreamEvents[K]) => void } = {
    host: ({ id }) => {
      touch(client, ["listHosts"]);
      touch(client, ["listServices"], (params) => params.host === id);
    },
    // A listing brings no counts of its own; those of the directories come by themselves when they move.
    queue: ({ host, counts, asOf, listing }) => {
      if (listing) return touch(client, ["queue", "account"], (params) => params.host === host);
      client.setQueriesData<Answer<"listHosts">>({ queryKey: ["listHosts"] }, (hosts) =>
        hosts?.map((one) => (one.id === host ? { ...one, queue: counts as typeof one.queue, asOf } : one)),
      );
    },
    log: ({ host, accounts }) => {
      touch(client, ["listAccounts", "unknownLines"], (params) => params.host === host);
      touch(
        client,
        ["account", "accountSessions", "accountTimeline"],
        (params) => params.host === host && accounts.includes(params.account ?? ""),
      );
    },
    action: ({ id, host, state }) => {
      touch(client, ["getAction"], (params) => params.action === id);
      if (state !== "running") {
        touch(client, ["listActions", "audit", "listStanding"]);
        touch(client, ["listArchives", "queue", "containPreview"], (params) => params.host === host);
      }
    },
    alert: () => touch(client, ["listAlerts", "listAccounts"]),
    contain: ({ host, account, steps }) => client.setQueryData(containProgress(host, account), steps),
    account: ({ host, account }) => {
      touch(client, ["listAlerts"]);
      touch(client, ["listAccounts"], (params) => params.host === host);
      touch(client, ["account"], (params) => params.host === host && params.account === account);
    },
  };
  handlers[name](data);
}
