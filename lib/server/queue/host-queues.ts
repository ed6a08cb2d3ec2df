import "server-only";
import { callsOf } from "../actions/host-calls";
import { subscribe } from "../bus";
import { host } from "../hosts/registry";
import { singleton } from "../singleton";
import { fromLog } from "./from-log";
import { Listings } from "./listings";

const queues = singleton("queue listings", () => {
  const all = new Map<string, Listings>();
  subscribe((name, data) => {
    if (name === "action" && "state" in data)
      all.get(data.host)?.acting(["waiting", "running", "undoing"].includes(data.state));
    if (name !== "queue" || !("counts" in data) || data.listing !== null) return;
    all.get(data.host)?.counted(data.counts);
  });
  return all;
});

/** The listings of a host. Throws ApiError not_found for a host that Sluice does not know. */
export function listingsOf(id: string): Listings {
  host(id);
  let listings = queues.get(id);
  if (!listings) {
    listings = new Listings(id, () => callsOf(host(id).conn), fromLog(id));
    queues.set(id, listings);
  }
  return listings;
}
