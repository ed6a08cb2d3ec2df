/** The bytes of an IPv4 (4) or IPv6 (16) address, or null. IPv4 mapped into IPv6 is IPv4; a zone (`%eth0`) is refused. */
export function addressBytes(text: string): number[] | null {
  if (!text.includes(":")) return ipv4(text);
  const tail = /^(.*:)([0-9.]+)$/.exec(text);
  const dotted = tail?.[2]?.includes(".") ? ipv4(tail[2]) : undefined;
  if (dotted === null) return null;
  const halves = (dotted ? `${tail?.[1]}0:0` : text).split("::");
  if (halves.length > 2) return null;
  const read = halves.map((half) => (half === "" ? [] : half.split(":")));
  const [head = [], rest = []] = read;
  if (![...head, ...rest].every((group) => /^[0-9a-f]{1,4}$/i.test(group))) return null;
  const missing = 8 - head.length - rest.length;
  if (halves.length === 2 ? missing < 1 : missing !== 0) return null;
  const all = [...head, ...Array<string>(missing).fill("0"), ...rest].flatMap((group) => {
    const value = Number.parseInt(group, 16);
    return [value >> 8, value & 255];
  });
  if (dotted) all.splice(12, 4, ...dotted);
  const mapped = all.slice(0, 10).every((byte) => byte === 0) && all[10] === 255 && all[11] === 255;
  return mapped ? all.slice(12) : all;
}

function ipv4(text: string): number[] | null {
  const parts = text.split(".");
  if (parts.length !== 4 || !parts.every((part) => /^(0|[1-9][0-9]{0,2})$/.test(part))) return null;
  const bytes = parts.map(Number);
  return bytes.every((byte) => byte <= 255) ? bytes : null;
}

const keyOf = (bytes: number[], prefix: number): string => {
  const kept = bytes.map((byte, at) => byte & (0xff00 >> Math.min(8, Math.max(0, prefix - 8 * at))));
  return `${bytes.length}/${prefix}/${kept.map((byte) => byte & 255).join(".")}`;
};

/**
 * Whether an address is one of these: addresses, or networks as address/prefix. Text that is neither (`unknown`, as
 * Postfix writes where it lost the client) is compared as it stands.
 */
export function networks(specs: readonly string[]): (address: string) => boolean {
  const texts = new Set<string>();
  const keys = new Set<string>();
  const prefixes = new Map<number, Set<number>>();
  for (const spec of specs) {
    const [address = "", prefixText, more] = spec.split("/");
    const bytes = addressBytes(address);
    const prefix = prefixText === undefined ? (bytes?.length ?? 0) * 8 : prefixOf(prefixText);
    if (!bytes || more !== undefined || prefix === null || prefix > bytes.length * 8) {
      texts.add(spec);
      continue;
    }
    keys.add(keyOf(bytes, prefix));
    const known = prefixes.get(bytes.length) ?? new Set();
    prefixes.set(bytes.length, known.add(prefix));
  }
  const seen = new Map<string, boolean>();
  return (address) => {
    const before = seen.get(address);
    if (before !== undefined) return before;
    const bytes = addressBytes(address);
    const inside = bytes !== null && [...(prefixes.get(bytes.length) ?? [])].some((p) => keys.has(keyOf(bytes, p)));
    const answer = inside || texts.has(address);
    seen.set(address, answer);
    return answer;
  };
}

const prefixOf = (text: string): number | null => (/^(0|[1-9][0-9]{0,2})$/.test(text) ? Number(text) : null);
