import { join } from "node:path";
import { fileSource } from "./file-source";
import { HostCollector } from "./host-collector";
import { CollectWorker } from "./worker-client";

/** Only for tests: reads a local log into a store until it is killed. Says a word when it begins. */
const [program = "", folder = "", log = "", now = "0"] = process.argv.slice(2);
new HostCollector({
  host: "mx",
  folder: join(folder, "events"),
  worker: new CollectWorker(program, folder),
  source: fileSource(log),
  zone: async () => ({ name: "UTC", minutes: 0 }),
  historyDays: () => 90,
  now: () => Number(now),
}).start();
console.log("reading");
setInterval(() => {}, 1000);
