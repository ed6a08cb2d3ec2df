import "server-only";
import { listingsOf } from "../queue/host-queues";

/** The account's mail in the newest listing of the queue; null while there is none. Nothing waits for a listing. */
export function inQueueOf(
  hostId: string,
  account: string,
): { messages: number; recipients: number; bytes: number; held: number } | null {
  const snapshot = listingsOf(hostId).look();
  if (!snapshot) return null;
  const sum = { messages: 0, recipients: 0, bytes: 0, held: 0 };
  for (const message of snapshot.messages) {
    if (message.account !== account) continue;
    sum.messages++;
    sum.recipients += message.recipients.length;
    sum.bytes += message.size;
    if (message.queue === "hold") sum.held++;
  }
  return sum;
}
