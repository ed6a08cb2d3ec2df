import { addressBytes } from "../network";

/**
 * The network that an address is counted under: /24 of IPv4 (or /`v4`, 8, 16 or 24), /48 of IPv6. An IPv4 address
 * mapped into IPv6 is IPv4. Text that is no address is its own network.
 */
export function networkOf(address: string, v4: 8 | 16 | 24 = 24): string {
  const bytes = addressBytes(address);
  if (!bytes) return address;
  if (bytes.length === 4) return `${bytes.map((byte, at) => (at < v4 / 8 ? byte : 0)).join(".")}/${v4}`;
  const group = (at: number) => ((bytes[at] ?? 0) * 256 + (bytes[at + 1] ?? 0)).toString(16);
  const groups = [group(0), group(2), group(4)];
  return `${(groups[2] === "0" ? groups.slice(0, 2) : groups).join(":")}::/48`;
}
