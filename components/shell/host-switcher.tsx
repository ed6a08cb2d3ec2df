"use client";

import { useParams, usePathname, useRouter } from "next/navigation";
import { Select } from "../ui/field";
import { useCall } from "../ui/use-call";

/** Another host, same page: from the queue of one to the queue of the other. */
export function HostSwitcher() {
  const hosts = useCall("listHosts");
  const { host } = useParams<{ host?: string }>();
  const path = usePathname();
  const router = useRouter();
  if (!hosts.data?.length) return null;
  const page = path.startsWith(`/hosts/${host}/queue`)
    ? "/queue"
    : path.startsWith(`/hosts/${host}/accounts`)
      ? "/accounts"
      : "";
  return (
    <Select
      aria-label="Host"
      className="min-w-0 max-w-64 max-sm:max-w-36"
      value={host ?? ""}
      onChange={(event) =>
        router.push(event.target.value ? `/hosts/${event.target.value}${page || (host ? "" : "/queue")}` : "/")
      }
    >
      <option value="">All hosts</option>
      {hosts.data.map((one) => (
        <option key={one.id} value={one.id}>
          {one.name}
          {one.state === "down" ? " (unreachable)" : ""}
        </option>
      ))}
    </Select>
  );
}
