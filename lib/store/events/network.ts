import "server-only";

/**
 * Networks as integers: an IPv4 /24 is its upper 24 bits (below 2^24); an IPv6 /48 is 2^52 plus its upper 48 bits.
 * 0 where the text is no address (`unknown`, a host name, a socket).
 */
const v6Base = 2 ** 52;

export function networkOf(address: string): number {
  if (address.includes(":")) return v6(address);
  const v4 = ipv4(address);
  return v4 === null ? 0 : Math.floor(v4 / 256) || 0;
}

/** The /16 of an IPv4 network of {@link networkOf}; null for IPv6 and for 0. */
export function widerNetwork(network: number): number | null {
  return network > 0 && network < 2 ** 24 ? Math.floor(network / 256) : null;
}

export function networkText(network: number): string {
  if (network <= 0) return "unknown";
  if (network < v6Base) return `${network >>> 16}.${(network >>> 8) & 255}.${network & 255}.0/24`;
  const bits = network - v6Base;
  const group = (shift: number) => (Math.floor(bits / 2 ** shift) % 65536).toString(16);
  const last = group(0);
  return last === "0" ? `${group(32)}:${group(16)}::/48` : `${group(32)}:${group(16)}:${last}::/48`;
}

function ipv4(text: string): number | null {
  let value = 0;
  let part = -1;
  let parts = 0;
  for (let i = 0; i <= text.length; i++) {
    const code = i === text.length ? 46 : text.charCodeAt(i);
    if (code === 46) {
      if (part < 0 || part > 255) return null;
      value = value * 256 + part;
      parts++;
      part = -1;
    } else if (code >= 48 && code <= 57) part = (part < 0 ? 0 : part * 10) + code - 48;
    else return null;
  }
  return parts === 4 ? value : null;
}

function v6(address: string): number {
  const text = (address.split("%")[0] ?? "").toLowerCase();
  const mapped = text.lastIndexOf(":") >= 0 && text.includes(".") ? text.slice(text.lastIndexOf(":") + 1) : null;
  if (mapped && text.startsWith("::ffff:")) return networkOf(mapped);
  const [head = "", tail] = text.split("::");
  const left = head ? head.split(":") : [];
  const right = tail ? tail.split(":") : [];
  const zeros = tail === undefined ? 0 : Math.max(0, 8 - left.length - right.length);
  const groups = [...left, ...Array<string>(zeros).fill("0"), ...right].slice(0, 3);
  let bits = 0;
  for (const group of groups) {
    if (!/^[0-9a-f]{1,4}$/.test(group)) return 0;
    bits = bits * 65536 + Number.parseInt(group, 16);
  }
  return groups.length === 3 ? v6Base + bits : 0;
}
