import type { AddressInfo } from "node:net";
import { connect, createServer, type Socket } from "node:net";

/** A way to a port that can fall silent: connections stay open, and nothing comes through any more. */
export type SilentLink = {
  port: number;
  /** What is open now is silent for ever, and so is, until `speak`, what is opened. */
  fallSilent(): void;
  speak(): void;
  close(): Promise<void>;
};

export async function silentLink(to: number): Promise<SilentLink> {
  const open = new Set<Socket>();
  let silent = false;
  const server = createServer({ allowHalfOpen: true }, (near) => {
    const far = connect({ host: "127.0.0.1", port: to, allowHalfOpen: true });
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      open.add(one);
      one.on("data", (bytes) => other.write(bytes));
      one.on("end", () => other.end());
      one.on("error", () => other.destroy());
      one.on("close", () => open.delete(one));
      if (silent) mute(one);
    }
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    port: (server.address() as AddressInfo).port,
    fallSilent() {
      silent = true;
      for (const socket of open) mute(socket);
    },
    speak() {
      silent = false;
    },
    async close() {
      for (const socket of open) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function mute(socket: Socket): void {
  socket.removeAllListeners("data");
  socket.removeAllListeners("end");
  socket.pause();
}
