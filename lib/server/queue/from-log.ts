import "server-only";
import type { MessageView } from "../../api/queue";
import type { QueueMessage } from "../../core/queue";
import { log } from "../log";
import { singleton } from "../singleton";
import type { FromLog, Known } from "./resolve";

export type LoggedMessage = Pick<MessageView, "deliveries" | "lines"> & {
  sender: string | null;
  account: string | null;
  client: string | null;
};
/** What the event store answers about queue ids; `arrival` in ms tells reused ids apart. */
export type QueueLog = {
  accountsOfIds(
    host: string,
    ids: { id: string; arrival: number }[],
  ): Promise<{ id: string; account: string | null; client: string | null }[]>;
  message(host: string, id: string): Promise<LoggedMessage | null>;
};
const source = singleton("queue log", () => ({ log: null as QueueLog | null }));

/** The collectors say here what the log knows; until then the queue files are read. */
export function provideQueueLog(given: QueueLog): void {
  source.log = given;
}

export function fromLog(host: string): FromLog {
  return async (messages) => {
    const found = new Map<QueueMessage, Known>();
    if (!source.log) return found;
    try {
      const byId = new Map<string, QueueMessage>();
      const twice = new Set<string>();
      for (const message of messages) {
        // Two instances can give the same id; the log's lines are not told apart here, so the files are asked.
        if (byId.has(message.id)) twice.add(message.id);
        byId.set(message.id, message);
      }
      for (const id of twice) byId.delete(id);
      const ids = [...byId.values()].map(({ id, arrival }) => ({ id, arrival }));
      for (const { id, account, client } of await source.log.accountsOfIds(host, ids)) {
        const message = byId.get(id);
        // A message without a login may be one whose login the log lost with a line: its file is asked.
        if (message && account !== null) found.set(message, { account, client });
      }
    } catch (error) {
      log.warn({ err: error, host }, "accounts not found in the log");
    }
    return found;
  };
}

export async function messageFromLog(host: string, id: string): Promise<LoggedMessage | null> {
  try {
    return (await source.log?.message(host, id)) ?? null;
  } catch (error) {
    log.warn({ err: error, host }, "message not found in the log");
    return null;
  }
}
