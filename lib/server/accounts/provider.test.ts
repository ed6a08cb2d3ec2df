import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, expect, test } from "vitest";
import { byProvider, loadProviders, providerOf, providersKnown } from "./provider";

const folder = mkdtempSync(join(tmpdir(), "sluice-asn-"));
afterAll(() => rmSync(folder, { recursive: true }));
afterEach(() => loadProviders(null));

type Data = string | number | Data[] | { [key: string]: Data };
/** A value in MaxMind's data format: strings under 285 bytes, numbers as uint32, small maps and arrays. */
function encoded(value: Data): Buffer {
  if (typeof value === "string") {
    const head = value.length < 29 ? [(2 << 5) | value.length] : [(2 << 5) | 29, value.length - 29];
    return Buffer.concat([Buffer.from(head), Buffer.from(value)]);
  }
  if (typeof value === "number") {
    const bytes = Buffer.alloc(5, (6 << 5) | 4);
    bytes.writeUInt32BE(value, 1);
    return bytes;
  }
  if (Array.isArray(value)) return Buffer.concat([Buffer.from([value.length, 11 - 7]), ...value.map(encoded)]);
  const entries = Object.entries(value).flatMap(([key, of]) => [encoded(key), encoded(of)]);
  return Buffer.concat([Buffer.from([(7 << 5) | (entries.length / 2)]), ...entries]);
}

/** A database that knows one IPv4 /24: a node a bit, everything else is not found. */
function database(network: string, data: Data): string {
  const bits = network.split(".").map((part) => Number(part).toString(2).padStart(8, "0"));
  const path = bits.slice(0, 3).join("");
  const nodes = Buffer.alloc(path.length * 6);
  for (const [i, bit] of [...path].entries()) {
    const next = i === path.length - 1 ? path.length + 16 : i + 1;
    nodes.writeUIntBE(bit === "0" ? next : path.length, i * 6, 3);
    nodes.writeUIntBE(bit === "1" ? next : path.length, i * 6 + 3, 3);
  }
  const about = {
    node_count: path.length,
    record_size: 24,
    ip_version: 4,
    database_type: "asn",
    languages: [],
    binary_format_major_version: 2,
    binary_format_minor_version: 0,
    build_epoch: 1,
    description: {},
  };
  const marker = Buffer.from("\xab\xcd\xefMaxMind.com", "latin1");
  const file = join(folder, "asn.mmdb");
  writeFileSync(file, Buffer.concat([nodes, Buffer.alloc(16), encoded(data), marker, encoded(about)]));
  return file;
}

test("without a database nothing is known, and nothing is said", () => {
  expect(providersKnown()).toBe(false);
  expect(providerOf("203.0.113.7")).toBeNull();
});

test("addresses are counted by who runs their network", () => {
  loadProviders(database("203.0.113.0", { autonomous_system_organization: "Example Net" }));
  expect(providersKnown()).toBe(true);
  expect(providerOf("203.0.113.7")).toBe("Example Net");
  expect([providerOf("203.0.114.7"), providerOf("2001:db8::1"), providerOf("unknown")]).toEqual([null, null, null]);
  const clients = [
    { address: "203.0.113.7", messages: 3 },
    { address: "203.0.113.8", messages: 4 },
    { address: "192.0.2.1", messages: 9 },
  ];
  expect(byProvider(clients)).toEqual([{ key: "Example Net", count: 7 }]);
});

test("a file that is no database is named at the start, with the variable", () => {
  const file = join(folder, "text.mmdb");
  writeFileSync(file, "not a database");
  expect(() => loadProviders(file)).toThrow(`SLUICE_ASN_DB: ${file}: not a MaxMind DB (.mmdb) file`);
  expect(() => loadProviders(join(folder, "none.mmdb"))).toThrow(/^SLUICE_ASN_DB: .*no such file/);
});
