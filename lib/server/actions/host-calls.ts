import "server-only";
import type { HostConnection } from "../../remote/connection";
import type { Item, Params, Row, VerbName } from "../../remote/verbs";

/** What queue and actions ask of one host. All throw RemoteError. */
export type HostCalls = {
  ask<V extends VerbName>(verb: V, params: Params<V>, items?: readonly Item<V>[]): Promise<Row<V>[]>;
  /** `postqueue -j` of every instance, a line at a time; settles when the answer is whole, else throws. */
  list(onLine: (instance: string, json: string) => void): Promise<void>;
};

const deadline = 180_000;

export function callsOf(connection: HostConnection): HostCalls {
  return {
    ask: async (verb, params, items = []) => (await connection.call(verb, params, items, { deadline })).rows,
    list: async (onLine) => {
      await connection.stream("list", { instance: "" }, [], { json: onLine }, { deadline: 600_000 });
    },
  };
}
