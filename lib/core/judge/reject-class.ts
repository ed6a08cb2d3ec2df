import type { RejectClass } from "./facts";

/** First match counts. The texts are Postfix's own replies (smtpd(8), postconf(5)) and the usual policy services'. */
const patterns: [RejectClass, RegExp][] = [
  ["rate", /too (many|much)|rate limit|quota|exceeded|limit reached|try again later.*limit/i],
  ["relay", /relay access denied|relaying denied/i],
  ["sender-not-allowed", /sender address rejected|not owned by user|not logged in/i],
  ["unknown-recipient", /user unknown|unknown user|no such user|recipient address rejected|mailbox unavailable/i],
  ["blocklist", /blocked using|listed (in|by|at)|blacklist|blocklist|\brbl\b|\bdnsbl\b/i],
  ["content", /spam|virus|message content|blocked by|milter-reject|prohibited/i],
];

/** What a refusal was about, from the text of its reply. */
export function rejectClass(reason: string): RejectClass {
  return patterns.find(([, pattern]) => pattern.test(reason))?.[0] ?? "other";
}
