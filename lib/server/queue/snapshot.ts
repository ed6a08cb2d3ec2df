import "server-only";
import type { QueueMessage } from "../../core/queue";

/** One listing of a host's queue, as it was at `asOf`. Accounts and clients are filled in as they become known. */
export type Snapshot = {
  id: string;
  host: string;
  /** When the listing began (ms): what came since may not be in it. */
  asOf: number;
  /** False while it is read, and for ever where it was cut. */
  complete: boolean;
  messages: QueueMessage[];
  /** Lines of the host that were no message: left out, and so never acted on. */
  odd: number;
  /** Settled when every account and client is known, or as good as can be. */
  resolved: Promise<void>;
  unresolved: number;
};

export const breathe = () => new Promise<void>((resolve) => setImmediate(resolve));

/** Calls for each, letting other work run every few milliseconds. */
export async function eachSlowly<T>(items: readonly T[], run: (item: T) => void): Promise<void> {
  let since = performance.now();
  for (let at = 0; at < items.length; at++) {
    run(items[at] as T);
    if ((at & 255) === 255 && performance.now() - since > 12) {
      await breathe();
      since = performance.now();
    }
  }
}
