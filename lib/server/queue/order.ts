import "server-only";
import type { QueueMessage } from "../../core/queue";

export type Sort = "arrival" | "-arrival" | "size" | "-size";

/**
 * The places of the messages in an order, ties in the listing's own. Sorts numbers that hold value and place both (up
 * to 2^22 messages): 100,000 take a few ms, so that no task is long.
 */
export function placesBy(messages: readonly QueueMessage[], sort: Sort): number[] {
  const bits = 2 ** 22;
  const keys = new Float64Array(messages.length);
  for (let at = 0; at < messages.length; at++) {
    const message = messages[at] as QueueMessage;
    const value = sort.endsWith("arrival") ? Math.floor(message.arrival / 1000) : Math.min(message.size, 2 ** 30);
    keys[at] = (sort.startsWith("-") ? 2 ** 31 - Math.min(value, 2 ** 31) : value) * bits + at;
  }
  keys.sort();
  return Array.from(keys, (key) => key % bits);
}
