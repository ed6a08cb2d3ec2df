import { createServer } from "node:net";

/** Below the kernel's ephemeral range (32768 on Linux), so that no outgoing connection takes one. */
const lowest = 15_000;
const many = 17_000;
/**
 * Each process begins at a place of its own and never hands out a port again: a port is used a while after it was looked
 * at, and must not be given to a second taker in between. Pids are often neighbours, hence the stride.
 */
let next = (process.pid * 7919) % many;

/** Free loopback ports. Rejects when there are not as many. */
export async function freePorts(count: number): Promise<number[]> {
  const found: number[] = [];
  for (let looked = 0; found.length < count; looked += 1) {
    if (looked === many) throw new Error(`no ${count} free ports between ${lowest} and ${lowest + many}`);
    const port = lowest + next;
    next = (next + 1) % many;
    if (await isFree(port)) found.push(port);
  }
  return found;
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(false));
    server.listen(port, "127.0.0.1", () => server.close(() => resolve(true)));
  });
}
