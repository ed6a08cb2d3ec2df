/**
 * What many reasons have in common: the delay reason of `postqueue -j` without what differs from message to message
 * (host names beside addresses, addresses, mailboxes, queue ids, numbers). SMTP reply codes (`451`) and enhanced
 * status codes (`4.7.1`, RFC 3463) stay: they are the reason. At most 300 characters.
 */
export function reasonKey(reason: string): string {
  return reason
    .slice(0, 2000)
    .replace(/\s+/g, " ")
    .replace(/<[^<>\s]*@[^<>\s]*>/g, "<…>")
    .replace(/\bhttps?:\/\/[^\s)]+/gi, "URL")
    .replace(/[^\s[\]<>(),;]+\[[0-9a-f.:]+\]/gi, "HOST")
    .replace(/(?<![\w@.])[^\s<>()[\],;:@]+@[a-z0-9.-]+\w/gi, "…@…")
    .replace(/\b(name=)\S+/g, "$1…")
    .replace(/\b\d{1,3}(?:\.\d{1,3}){3}\b/g, "IP")
    .replace(/\b(?=[0-9A-Za-z_-]*\d)(?=[0-9A-Za-z_-]*[A-Za-z])[0-9A-Za-z_-]{8,}\b/g, "ID")
    .replace(
      /(?<=HOST):\d+|(?<=: |^)[245]\d\d(?=[ -]|$)|(?<![\w.])[245]\.\d{1,3}\.\d{1,3}(?![\w.])|(\d+)/g,
      (kept, other?: string) => (other === undefined ? kept : "N"),
    )
    .trim()
    .slice(0, 300);
}

/** {@link reasonKey} with what it said before: a queue has few reasons and many messages. */
export function reasonKeys(): (reason: string | null) => string | null {
  const seen = new Map<string, string>();
  return (reason) => {
    if (reason === null) return null;
    let key = seen.get(reason);
    if (key === undefined) {
      key = reasonKey(reason);
      seen.set(reason, key);
    }
    return key;
  };
}
