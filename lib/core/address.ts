/** The domain of an address, lower case; "" where there is none (the null sender, a local name). */
export function domainOf(address: string): string {
  const at = address.lastIndexOf("@");
  return at < 0 ? "" : address.slice(at + 1).toLowerCase();
}

/**
 * An address without the quotes of RFC 822, as the queue file has it. `postqueue -j` quotes local parts that need it
 * (showq(8) calls quote_822_local); the records of the file are bare.
 */
export function unquoted(address: string): string {
  if (!address.startsWith('"')) return address;
  let local = "";
  for (let at = 1; at < address.length; at++) {
    if (address[at] === "\\") local += address[++at] ?? "";
    else if (address[at] === '"') return local + address.slice(at + 1);
    else local += address[at];
  }
  return address;
}
