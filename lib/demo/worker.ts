import { parentPort, workerData } from "node:worker_threads";
import { startDemoHosts } from "./main";

// The demo's hosts in a thread of the dashboard's process: one process to start and to end.
startDemoHosts(String(workerData.dir)).then(({ hosts }) => parentPort?.postMessage(hosts));
