"use client";

import { MutationCache, QueryCache, QueryClient, QueryClientProvider, useQueryClient } from "@tanstack/react-query";
import { type ReactNode, useEffect, useState } from "react";
import { ApiError } from "../../lib/api/errors";
import type { StreamEventName, StreamEvents } from "../../lib/api/events";
import { listen } from "../../lib/api/stream";
import { type Live, LiveContext } from "../ui/live";
import { Toaster } from "../ui/toaster";
import { applyEvent } from "./invalidate";

/** Away to the sign-in page, which leads back here. */
function toSignIn(): void {
  const here = window.location.pathname + window.location.search;
  window.location.assign(`/sign-in?next=${encodeURIComponent(here)}`);
}

function newClient(): QueryClient {
  const onError = (error: unknown) => {
    if (error instanceof ApiError && error.code === "not_signed_in") toSignIn();
  };
  return new QueryClient({
    queryCache: new QueryCache({ onError }),
    mutationCache: new MutationCache({ onError }),
    defaultOptions: {
      queries: {
        staleTime: 2_000,
        // A code of the contract is an answer; only a dashboard that is away is worth asking again at once.
        retry: (times, error) => !(error instanceof ApiError) && times < 2,
        refetchOnWindowFocus: true,
      },
    },
  });
}

export function Providers({ children }: { children: ReactNode }) {
  const [client] = useState(newClient);
  return (
    <QueryClientProvider client={client}>
      <Stream>{children}</Stream>
      <Toaster />
    </QueryClientProvider>
  );
}

const apart = 250;

function Stream({ children }: { children: ReactNode }) {
  const client = useQueryClient();
  const [live, setLive] = useState<Live>({ state: "connecting", since: 0 });
  useEffect(() => {
    // Events of one kind about one thing are taken together: the last one tells all.
    const waiting = new Map<string, () => void>();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const flush = () => {
      timer = undefined;
      const work = [...waiting.values()];
      waiting.clear();
      for (const one of work) one();
    };
    const onEvent = <N extends StreamEventName>(name: N, data: StreamEvents[N]) => {
      const about = "host" in data ? data.host : data.id;
      const accounts = "accounts" in data ? data.accounts.join("\n") : "account" in data ? data.account : "";
      // News of a listing and of counts are two kinds: neither tells what the other does.
      const kind = "state" in data ? data.id : "listing" in data && data.listing ? "listing" : "";
      waiting.set(`${name} ${about} ${accounts} ${kind}`, () => applyEvent(client, name, data));
      timer ??= setTimeout(flush, apart);
    };
    let lost = false;
    const stop = listen(onEvent, (state) => {
      setLive((old) => (old.state === state ? old : { state, since: Date.now() }));
      // What happened while nobody listened is not known: everything is asked anew.
      if (state === "live" && lost) void client.invalidateQueries();
      if (state === "down") lost = true;
    });
    return () => {
      stop();
      clearTimeout(timer);
    };
  }, [client]);
  return <LiveContext value={live}>{children}</LiveContext>;
}
