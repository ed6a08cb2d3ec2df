import type { ContainStep } from "./accounts";

/** What `/api/stream` sends: the event's name and its data. Small; pages fetch what they need anew. */
export type StreamEvents = {
  host: { id: string };
  queue: { host: string; counts: Record<string, number>; asOf: string; listing: string | null };
  log: { host: string; newest: string | null; behindBytes: number; accounts: string[] };
  action: { id: string; host: string; state: string; stage: string | null; done: number; planned: number };
  alert: { id: string; host: string; account: string };
  /** How far Contain or its lifting is: every part on every host, from the host's page where it was pressed. */
  contain: { host: string; account: string; steps: ContainStep[] };
  /** The account was suspended or let go on the host. */
  account: { host: string; account: string };
};
export type StreamEventName = keyof StreamEvents;
