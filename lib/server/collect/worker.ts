import "server-only";
import { join } from "node:path";
import { parentPort, workerData } from "node:worker_threads";
import { Duck } from "../../store/events/duck";
import { HostStore } from "../../store/events/host-store";
import { queries } from "../../store/events/queries";
import { countryCode } from "./country";
import { Pieces } from "./pieces";
import type { PieceState, Reply, Request } from "./protocol";

/**
 * The thread that reads logs and answers queries. Reading is done in slices of some milliseconds, and while a query is
 * being answered a slice waits some milliseconds for it: measured, pages are no slower for it and reading is twice as fast
 * as with a long wait, since the judge asks all the time on first contact.
 */
const port = parentPort;
if (!port) throw new Error("This is a worker thread's program.");
const { spill } = workerData as { spill: string };
const duck = Duck.open(join(spill, "spill"));
const hosts = new Map<string, { store: HostStore; pieces: Pieces }>();
let asking = 0;
const idle: (() => void)[] = [];

const breathe = async (): Promise<void> => {
  await new Promise((done) => setImmediate(done));
  // Bounded, so that a stream of queries slows reading down but never stops it.
  if (asking > 0)
    await new Promise<void>((done) => {
      const timer = setTimeout(done, 10);
      idle.push(() => {
        clearTimeout(timer);
        done();
      });
    });
};

const say = (reply: Reply) => port.postMessage(reply);
function host(id: string) {
  const found = hosts.get(id);
  if (!found) throw new Error(`host ${id} is not open`);
  return found;
}

async function run(request: Request): Promise<unknown> {
  switch (request.op) {
    case "open": {
      const { host: id, folder } = request.args;
      const before = hosts.get(id);
      await before?.pieces.abandon();
      await before?.store.close();
      const store = await HostStore.open(await duck, folder, countryCode);
      const pieces = new Pieces(store, breathe, (what) => say({ committed: { host: id, ...what } }));
      hosts.set(id, { store, pieces });
      const states = [...(await store.checkpoints())].map(([piece, { state, snapshot }]) => [
        piece,
        { ...JSON.parse(state), snapshot } as PieceState,
      ]);
      return { pieces: Object.fromEntries(states), notices: store.notices };
    }
    case "start": {
      const { host: id, piece, n, offset, options, snapshot } = request.args;
      return host(id).pieces.start(piece, n, offset, options, snapshot);
    }
    case "plan":
      return host(request.args.host).pieces.plan(request.args.piece, request.args.files, request.args.plan);
    case "feed":
      return host(request.args.host).pieces.feed(request.args.piece, request.args.bytes);
    case "turn": {
      const { host: id, piece, n, writtenAt, files, plan } = request.args;
      return host(id).pieces.next(piece, n, writtenAt, files, plan);
    }
    case "commit":
      return host(request.args.host).pieces.commit(request.args.piece);
    case "where":
      return host(request.args.host).pieces.where(request.args.piece);
    case "end":
      return host(request.args.host).pieces.end(request.args.piece);
    case "mend":
      return { messages: await host(request.args.host).pieces.mend(request.args.piece, request.args.live) };
    case "dropBefore":
      return host(request.args.host).pieces.dropBefore(request.args.before);
    case "forget": {
      await hosts.get(request.args.host)?.pieces.abandon();
      await hosts.get(request.args.host)?.store.remove();
      hosts.delete(request.args.host);
      return null;
    }
    case "query": {
      asking++;
      try {
        const ask = queries[request.args.name as keyof typeof queries];
        if (!ask) throw new Error(`no query ${request.args.name}`);
        return await ask(host(request.args.host).store, request.args.params as never);
      } finally {
        if (--asking === 0) for (const go of idle.splice(0)) go();
      }
    }
    case "close": {
      for (const { store, pieces } of hosts.values()) {
        await pieces.abandon();
        await store.close();
      }
      hosts.clear();
      (await duck).close();
      // The thread ends by itself: ending it from outside while DuckDB is at work ends the whole process.
      setImmediate(() => port?.close());
      return null;
    }
  }
}

port.on("message", (request: Request) => {
  run(request).then(
    (answer) => say({ id: request.id, ok: true, answer: answer ?? null }),
    (error) => say({ id: request.id, ok: false, message: error instanceof Error ? error.message : String(error) }),
  );
});
