import type { Parsed } from "./parsed";
import { integerAt } from "./scan";

/** What journald and rsyslog write when they left lines out; null for other lines. */
export function parseGap(text: string): Parsed | null {
  if (text.startsWith("Suppressed ")) {
    const missing = integerAt(text, 11);
    if (!Number.isNaN(missing) && text.indexOf(" messages from ", 11) > 0)
      return { kind: "gap", missing, reason: text };
  }
  if (text.indexOf("rate-limiting") < 0) return null;
  const lost = text.indexOf(" messages");
  let start = lost;
  while (start > 0 && text.charCodeAt(start - 1) >= 48 && text.charCodeAt(start - 1) <= 57) start--;
  const missing = lost > 0 ? integerAt(text, start) : Number.NaN;
  return { kind: "gap", missing: Number.isNaN(missing) ? null : missing, reason: text };
}
