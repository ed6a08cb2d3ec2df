"use client";

import { createContext, use } from "react";
import type { StreamState } from "../../lib/api/stream";

export type Live = { state: StreamState; since: number };
export const LiveContext = createContext<Live>({ state: "connecting", since: 0 });
export const useLive = () => use(LiveContext);
/** True where pages must ask by themselves. */
export const usePolling = () => use(LiveContext).state === "down";
