import "server-only";
import { readFileSync } from "node:fs";
import { Reader, type Response } from "maxmind";
import { EnvError } from "../env";
import { singleton } from "../singleton";

const loaded = singleton("providers", () => ({ reader: null as Reader<Response> | null }));
/** Where the databases of various makers keep the name (GeoLite2 ASN and DB-IP, ipinfo, GeoIP2 ISP). */
const fields = ["autonomous_system_organization", "as_name", "isp", "organization"];

/** Opens SLUICE_ASN_DB, a MaxMind-format file of a few MB that stays in memory; null closes it. Throws EnvError. */
export function loadProviders(file: string | null): void {
  try {
    loaded.reader = file === null ? null : new Reader(readFileSync(file));
  } catch (error) {
    const why = (error as { code?: string }).code ? (error as Error).message : "not a MaxMind DB (.mmdb) file";
    throw new EnvError(`SLUICE_ASN_DB: ${file}: ${why}`);
  }
}

/** False where nobody gave a database: then nothing is said of providers. */
export const providersKnown = (): boolean => loaded.reader !== null;

/** Who runs the network that an address is in, null where not known (or no address). No service is asked. */
export function providerOf(address: string): string | null {
  if (!loaded.reader || !/^[0-9a-f:.]+$/i.test(address)) return null;
  try {
    const found = loaded.reader.get(address) as Record<string, unknown> | null;
    const name = fields.map((field) => found?.[field]).find((value) => typeof value === "string" && value !== "");
    return typeof name === "string" ? name : null;
  } catch {
    return null;
  }
}

/** Messages by provider, most first. */
export function byProvider(
  clients: readonly { address: string; messages: number }[],
): { key: string; count: number }[] {
  const counts = new Map<string, number>();
  for (const { address, messages } of clients) {
    const name = providerOf(address);
    if (name !== null) counts.set(name, (counts.get(name) ?? 0) + messages);
  }
  return [...counts]
    .map(([key, count]) => ({ key, count }))
    .sort((a, b) => b.count - a.count || (a.key < b.key ? -1 : 1))
    .slice(0, 20);
}
