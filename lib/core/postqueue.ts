import { type QueueMessage, type QueueName, queueNames } from "./queue";
import { queueId } from "./queue-id";

/** What showq(8) writes for the null sender. */
const nullSender = "MAILER-DAEMON";
const names = new Set<string>(queueNames);

/** The one copy of each text of a listing: 100,000 messages share few reasons, senders and domains. */
export function interner(): (text: string) => string {
  const texts = new Map<string, string>();
  return (text) => {
    const known = texts.get(text);
    if (known !== undefined) return known;
    texts.set(text, text);
    return text;
  };
}

/**
 * One line of `postqueue -j` (postqueue(1), JSON OBJECT FORMAT) as a message whose account and client are not known, or
 * null where it is not one: not JSON, a field missing or of another type, an id that is none. Fields that are not known
 * are passed over.
 */
export function parsePostqueueLine(
  instance: string,
  line: string,
  intern: (text: string) => string = (text) => text,
): QueueMessage | null {
  let given: unknown;
  try {
    given = JSON.parse(line);
  } catch {
    return null;
  }
  if (typeof given !== "object" || given === null) return null;
  const { queue_name, queue_id, arrival_time, message_size, sender, recipients } = given as Record<string, unknown>;
  const id = typeof queue_id === "string" ? queueId(queue_id) : undefined;
  if (id === undefined || typeof queue_name !== "string" || !names.has(queue_name)) return null;
  if (!whole(arrival_time) || !whole(message_size) || typeof sender !== "string") return null;
  if (!Array.isArray(recipients)) return null;
  const read: QueueMessage["recipients"] = [];
  for (const recipient of recipients as unknown[]) {
    if (typeof recipient !== "object" || recipient === null) return null;
    const { address, delay_reason } = recipient as Record<string, unknown>;
    if (typeof address !== "string") return null;
    const reason = typeof delay_reason === "string" && delay_reason !== "" ? intern(delay_reason) : null;
    read.push({ address: intern(address), reason });
  }
  return {
    instance: intern(instance),
    id,
    queue: intern(queue_name) as QueueName,
    arrival: arrival_time * 1000,
    size: message_size,
    sender: sender === nullSender ? "" : intern(sender),
    account: undefined,
    client: undefined,
    recipients: read,
  };
}

const whole = (value: unknown): value is number =>
  typeof value === "number" && Number.isSafeInteger(value) && value >= 0;
