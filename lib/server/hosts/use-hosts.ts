import "server-only";
import { randomBytes } from "node:crypto";
import type { z } from "zod";
import { ApiError } from "../../api/errors";
import type { Host, hostChange, newHost } from "../../api/hosts";
import { hostScript } from "../../remote/host-script";
import { scanHostKey } from "../../remote/ssh";
import { toApiError } from "./api-error";
import { checkHost } from "./check";
import { addHost, changeHost, host, hosts } from "./registry";
import { hostView } from "./view";

/** host.sh as it is installed on a host that is locked down. */
export const installableScript = hostScript;

/** What the routes under /api/hosts do. */
export const listHostViews = (): Host[] => hosts().map(hostView);

export async function addFromForm(form: z.output<typeof newHost>, by: string): Promise<Host> {
  const { id, log, ...rest } = form;
  return hostView(await addHost({ ...rest, log, id: id ?? freeId(form.name) }, by));
}

export async function changeFromForm(id: string, form: z.output<typeof hostChange>, by: string): Promise<Host> {
  const { log, ...rest } = form;
  return hostView(await changeHost(id, { ...rest, ...(log !== undefined && { log: log ?? undefined }) }, by));
}

export async function checkById(id: string) {
  try {
    return await checkHost(host(id));
  } catch (error) {
    throw toApiError(error);
  }
}

export async function scan(address: string, port: number) {
  if (!/^[A-Za-z0-9.:_-]+$/.test(address) || address.startsWith("-"))
    throw new ApiError("bad_request", "address: an IP address or a host name");
  try {
    return await scanHostKey(address, port);
  } catch (error) {
    throw toApiError(error);
  }
}

/** From the name: mx1.example.com becomes mx1, or mx1-4f where that is taken. */
function freeId(name: string): string {
  const base =
    (name.toLowerCase().split(".")[0] ?? "")
      .replace(/[^a-z0-9]+/g, "-")
      .replace(/^-+|-+$/g, "")
      .slice(0, 30) || "host";
  const taken = new Set(hosts().map((one) => one.id));
  return taken.has(base) ? `${base}-${randomBytes(2).toString("hex")}` : base;
}
