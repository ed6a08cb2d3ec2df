import "server-only";
import type { StreamEventName, StreamEvents } from "../api/events";
import { singleton } from "./singleton";

type Listener = <N extends StreamEventName>(name: N, data: StreamEvents[N]) => void;

const listeners = singleton("bus", () => new Set<Listener>());

/** Tells every open stream. Never throws: one broken listener does not keep the news from the others. */
export function publish<N extends StreamEventName>(name: N, data: StreamEvents[N]): void {
  for (const listener of listeners) {
    try {
      listener(name, data);
    } catch {
      listeners.delete(listener);
    }
  }
}

/** Hears everything from now on; the answer stops it. */
export function subscribe(listener: Listener): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
