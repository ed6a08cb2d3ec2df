import type { Rule } from "../finding";
import { bounceShare, rejectShare } from "./failures";
import { botHelo, bruteForce } from "./logins";
import { countriesPerHour, impossibleTravel, networksInWindow, networksPerHour, newNetwork } from "./places";
import { forgedSenders } from "./senders";
import { dayJump, jump, recipientsPerMessage, unusualHours } from "./volume";

/** Every rule by the name that findings carry. */
export const rules = {
  "networks-per-hour": networksPerHour,
  "countries-per-hour": countriesPerHour,
  "networks-in-window": networksInWindow,
  "impossible-travel": impossibleTravel,
  "new-network": newNetwork,
  "forged-senders": forgedSenders,
  jump,
  "day-jump": dayJump,
  "recipients-per-message": recipientsPerMessage,
  "unusual-hours": unusualHours,
  "reject-share": rejectShare,
  "bounce-share": bounceShare,
  "brute-force": bruteForce,
  "bot-helo": botHelo,
} as const satisfies Record<string, Rule>;

export type RuleName = keyof typeof rules;

/** Of these only the heaviest counts: they say the same thing twice. */
export const oneOf: RuleName[][] = [
  ["networks-per-hour", "networks-in-window"],
  ["jump", "day-jump"],
];
