import "server-only";
import { collectDefaultMetrics, Gauge, Registry } from "prom-client";
import { hosts } from "./hosts/registry";
import { singleton } from "./singleton";

const registry = singleton("metrics", () => {
  const made = new Registry();
  collectDefaultMetrics({ register: made, prefix: "sluice_" });
  new Gauge({
    name: "sluice_queue_messages",
    help: "Files in each queue directory of a mail host",
    labelNames: ["host", "queue"],
    registers: [made],
    collect() {
      this.reset();
      for (const host of hosts())
        for (const [queue, files] of Object.entries(host.total ?? {})) this.set({ host: host.id, queue }, files);
    },
  });
  new Gauge({
    name: "sluice_host_up",
    help: "1 while the mail host is reached",
    labelNames: ["host"],
    registers: [made],
    collect() {
      this.reset();
      for (const host of hosts()) this.set({ host: host.id }, host.state === "down" ? 0 : 1);
    },
  });
  return made;
});

/** The text format that Prometheus reads. */
export async function metrics(): Promise<Response> {
  return new Response(await registry.metrics(), { headers: { "content-type": registry.contentType } });
}
