import type { StreamEventName, StreamEvents } from "./events";

export type StreamState = "connecting" | "live" | "down";
const names: StreamEventName[] = ["host", "queue", "log", "action", "alert", "contain", "account"];
const firstWait = 1_000;
const longestWait = 15_000;

/**
 * Listens to `/api/stream` until the answer is called. EventSource gives up for good after an HTTP error, so it is
 * opened anew here, with a growing pause. `onState` says "down" as soon as the connection is lost: pages then poll.
 */
export function listen(
  onEvent: <N extends StreamEventName>(name: N, data: StreamEvents[N]) => void,
  onState: (state: StreamState) => void,
): () => void {
  let source: EventSource | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let wait = firstWait;
  const open = () => {
    source = new EventSource("/api/stream");
    source.onopen = () => {
      wait = firstWait;
      onState("live");
    };
    source.onerror = () => {
      source?.close();
      onState("down");
      timer = setTimeout(open, wait + Math.random() * wait * 0.3);
      wait = Math.min(wait * 2, longestWait);
    };
    for (const name of names) {
      source.addEventListener(name, (event: MessageEvent<string>) => {
        try {
          onEvent(name, JSON.parse(event.data));
        } catch {
          // A cut event: the next one, or the poll, brings what it said.
        }
      });
    }
  };
  onState("connecting");
  open();
  return () => {
    clearTimeout(timer);
    source?.close();
  };
}
