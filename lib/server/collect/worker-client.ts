import "server-only";
import { Worker } from "node:worker_threads";
import type { QueryAnswer, QueryName, QueryParams } from "../../store/events/queries";
import type { Reply, RequestName, Requests } from "./protocol";

type Committed = Extract<Reply, { committed: unknown }>["committed"];
type Waiting = { resolve(answer: unknown): void; reject(error: Error): void };

/** The main thread's end of the reading thread. One for the process. */
export class CollectWorker {
  private readonly worker: Worker;
  private readonly waiting = new Map<number, Waiting>();
  private readonly listeners = new Set<(what: Committed) => void>();
  private next = 0;
  /** Set when the thread is gone; every request fails then. */
  private gone: Error | null = null;

  /** @param program the bundle that build-worker.mjs makes. @param spill folder for DuckDB's temporary files. */
  constructor(program: string | URL, spill: string, onGone: (error: Error) => void = () => {}) {
    this.worker = new Worker(program, {
      workerData: { spill },
      // Records live for a slice of the log: with room for some slices, the collector finds most of them dead.
      resourceLimits: { maxYoungGenerationSizeMb: 48, maxOldGenerationSizeMb: 512 },
    });
    this.worker.on("message", (reply: Reply) => this.heard(reply));
    const fail = (error: Error) => {
      if (this.gone) return;
      this.gone = error;
      for (const waiting of this.waiting.values()) waiting.reject(error);
      this.waiting.clear();
      onGone(error);
    };
    this.worker.on("error", fail);
    this.worker.on("exit", (code) => fail(new Error(`The reading thread ended (${code}).`)));
    this.worker.unref();
  }

  private heard(reply: Reply): void {
    if ("committed" in reply) {
      for (const listener of this.listeners) listener(reply.committed);
      return;
    }
    const waiting = this.waiting.get(reply.id);
    this.waiting.delete(reply.id);
    if (reply.ok) waiting?.resolve(reply.answer);
    else waiting?.reject(new Error(reply.message));
  }

  request<N extends RequestName>(
    op: N,
    args: Requests[N]["args"],
    transfer: ArrayBuffer[] = [],
  ): Promise<Requests[N]["answer"]> {
    if (this.gone) return Promise.reject(this.gone);
    const id = ++this.next;
    return new Promise((resolve, reject) => {
      this.waiting.set(id, { resolve: resolve as Waiting["resolve"], reject });
      this.worker.postMessage({ id, op, args }, transfer);
    });
  }

  async query<N extends QueryName>(host: string, name: N, params: QueryParams<N>): Promise<QueryAnswer<N>> {
    return (await this.request("query", { host, name, params })) as QueryAnswer<N>;
  }

  onCommitted(listener: (what: Committed) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  async close(): Promise<void> {
    if (this.gone) return;
    // The process must not end while the thread is closing the store.
    this.worker.ref();
    const ended = new Promise((done) => this.worker.once("exit", done));
    await this.request("close", {}).catch(() => {});
    this.gone ??= new Error("The reading thread was closed.");
    await ended;
  }
}
