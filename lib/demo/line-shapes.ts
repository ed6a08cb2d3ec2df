/** A line's shape: what a program writes into it, whoever it is about. Two lines of one shape differ in names and numbers only. */
export function shapeOf(line: string): string {
  return (
    line
      .replace(/^\S+ +\d+ [\d:]{8} \S+ /, "")
      .replace(/^(\S+)\[\d+\]:/, "$1:")
      // Counts of the session's commands: which there are is the client's doing.
      .replace(/(?: [a-z]+=\d+(?:\/\d+)?)+$/, " COUNTS")
      .replace(/\b[0-9A-F]{9,14}\b/g, "ID")
      .replace(/\S+\[[0-9a-f.:]+\]/g, "CLIENT")
      // What the other side said is its own.
      .replace(/said: .*(?= \(in reply| to )/, "said: …")
      .replace(/status=sent \(.*\)$/, "status=sent (…)")
      .replace(/(connect to CLIENT:\d+): [^;)]*/, "$1: …")
      .replace(/^dovecot: imap\([^)]*\)/, "dovecot: imap(LOGIN)")
      .replace(/hold: header .* from (?=CLIENT; from=)/, "hold: header … from ")
      // The test mail host has no certificate; the demo's people read their mail over TLS.
      .replace(/, (TLS|secured), session=/, ", TLS, session=")
      .replace(/\b1 message$/, "1 messages")
      .replace(/<[^<>]*>/g, "<>")
      .replace(/sasl_username=\S+/, "sasl_username=LOGIN")
      .replace(/\b\d+(\.\d+)*\b/g, "N")
  );
}

export const shapesOf = (log: string): string[] => [...new Set(log.split("\n").filter(Boolean).map(shapeOf))];
