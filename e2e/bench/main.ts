/** `npm run bench -- log=100 purge=10000 stored=10000000`: the product against the hand's way, in one run, as ratios. */
import { startDashboard } from "../dashboard";
import { startMailHost } from "../mailhost/host";
import { benchAccounts } from "./accounts";
import { numbers } from "./arguments";
import { print } from "./measure";
import { benchQueue } from "./queue";
import { benchStored } from "./stored";

const size = numbers(process.argv.slice(2), { log: 100, purge: 10_000, stored: 0 });

if (size.purge > 0) {
  const hosts = await Promise.all([startMailHost({ name: "bench-ours" }), startMailHost({ name: "bench-hand" })]);
  const [ours, theirs] = hosts;
  const dashboard = await startDashboard([ours]);
  try {
    print(await benchQueue(dashboard, ours, theirs, size.purge));
  } finally {
    await dashboard.stop();
    await Promise.all(hosts.map((host) => host.stop()));
  }
}
if (size.log > 0) {
  const host = await startMailHost({ name: "bench-log" });
  try {
    print(await benchAccounts(host, size.log));
  } finally {
    await host.stop();
  }
}
if (size.stored > 0) {
  const host = await startMailHost({ name: "bench-stored" });
  try {
    print(await benchStored(host, size.stored));
  } finally {
    await host.stop();
  }
}
