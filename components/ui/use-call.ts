"use client";

import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { type Answer, type CallArgs, call, keyOf } from "../../lib/api/client";
import type { CallName } from "../../lib/api/contract";
import { usePolling } from "./live";

type Options<N extends CallName> = {
  enabled?: boolean;
  /** Ask again every so many ms even while the stream is live; by the last answer where it is a function. */
  every?: number | false | ((data: Answer<N> | undefined) => number | false);
  /** Keep the last answer on screen while another question of the same kind is asked. */
  keep?: boolean;
  /** No polling while the stream is down (answers that do not change by themselves). */
  still?: boolean;
};

/** A call of the contract as a query. While the stream is down it is polled. */
export function useCall<N extends CallName>(
  name: N,
  args: Omit<CallArgs<N>, "body" | "signal"> = {},
  options: Options<N> = {},
) {
  const polling = usePolling();
  return useQuery({
    queryKey: keyOf(name, args as CallArgs<N>),
    queryFn: ({ signal }) => call(name, { ...args, signal } as CallArgs<N>),
    enabled: options.enabled,
    refetchInterval: ({ state }) => {
      const every = typeof options.every === "function" ? options.every(state.data) : options.every;
      return every || (polling && !options.still ? 5_000 : false);
    },
    placeholderData: options.keep ? keepPreviousData : undefined,
  });
}
