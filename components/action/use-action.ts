"use client";

import { useQuery } from "@tanstack/react-query";
import { call, keyOf } from "../../lib/api/client";
import { isRunning } from "./words";

/** An action, asked every second while it runs: its progress is small and the stream may be down. */
export const useAction = (id: string) =>
  useQuery({
    queryKey: keyOf("getAction", { params: { action: id } }),
    queryFn: () => call("getAction", { params: { action: id } }),
    refetchInterval: ({ state }) => (!state.data || isRunning(state.data.state) ? 1_000 : false),
  });
