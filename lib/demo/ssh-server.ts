import { timingSafeEqual } from "node:crypto";
import type { AddressInfo } from "node:net";
import ssh2, { type Connection, type ParsedKey, type Session } from "ssh2";
import type { DemoHost } from "./demo-host";
import { runVerb } from "./run-verb";

export type Served = { port: number; dropAll(): void; stop(): Promise<void> };
/** The largest request taken: 200,000 ids with their hashes. */
const stdinMost = 64 * 1024 * 1024;

const same = (a: Buffer, b: Buffer) => a.length === b.length && timingSafeEqual(a, b);

/** Serves the host by SSH on a free loopback port. One key gets in, as root; nothing but verbs can be run. */
export function serve(host: DemoHost, hostKey: string, clientPublicKey: string): Promise<Served> {
  const parsed = ssh2.utils.parseKey(clientPublicKey);
  if (parsed instanceof Error) throw parsed;
  const allowed = (Array.isArray(parsed) ? parsed[0] : parsed) as ParsedKey;
  const open = new Set<Connection>();
  const server = new ssh2.Server({ hostKeys: [hostKey] }, (client) => {
    open.add(client);
    client.on("error", () => {});
    client.on("close", () => open.delete(client));
    client.on("authentication", (context) => {
      if (context.method !== "publickey" || context.username !== "root") return context.reject(["publickey"]);
      if (context.key.algo !== allowed.type || !same(context.key.data, allowed.getPublicSSH()))
        return context.reject(["publickey"]);
      if (context.signature && !allowed.verify(context.blob ?? Buffer.alloc(0), context.signature, context.hashAlgo))
        return context.reject(["publickey"]);
      context.accept();
    });
    client.on("ready", () => client.on("session", (accept) => session(host, accept())));
  });
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      server.removeListener("error", reject);
      server.on("error", () => {});
      const dropAll = () => {
        // As a cable that is pulled: no farewell, what was under way is cut.
        for (const client of open) client.end();
      };
      resolve({
        port: (server.address() as AddressInfo).port,
        dropAll,
        stop: () =>
          new Promise((done) => {
            server.close(() => done());
            dropAll();
          }),
      });
    });
  });
}

function session(host: DemoHost, opened: Session): void {
  opened.on("exec", (accept, _, { command }) => {
    const channel = accept();
    const gone = new AbortController();
    const parts: Buffer[] = [];
    let bytes = 0;
    channel.on("error", () => {});
    channel.on("close", () => gone.abort());
    channel.on("data", (part: Buffer) => {
      bytes += part.length;
      if (bytes <= stdinMost) parts.push(part);
    });
    channel.on("end", () => {
      const send = (out: Buffer | string) => {
        if (!gone.signal.aborted) channel.write(out);
      };
      runVerb(host, command, Buffer.concat(parts), send, gone.signal).then((exit) => {
        if (gone.signal.aborted) return;
        channel.exit(exit);
        channel.end();
      });
    });
  });
}
