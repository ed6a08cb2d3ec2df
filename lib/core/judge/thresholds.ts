/**
 * The judge's numbers. Settings override them by name; each is explained for the settings page. They were set by
 * looking at the generated accounts of labelled/ under its tuning seeds (see evaluate.ts), not under the reported ones.
 */
export const thresholds = {
  networksPerHour: {
    value: 6,
    why: "Networks (/24 or /48) that submit for one login within an hour; a phone and an office make two or three, a botnet dozens.",
  },
  countriesPerHour: {
    value: 3,
    why: "Countries that submit for one login within an hour; a traveller with a VPN makes two.",
  },
  forgedSenders: {
    value: 3,
    why: "Envelope senders outside the login's own domains and aliases; one or two are often an alias nobody entered.",
  },
  forgedShare: {
    value: 0.9,
    why: "Share of messages with a foreign sender from which even a single foreign address counts, if the past had none.",
  },
  jumpFactor: {
    value: 5,
    why: "How many times the account's own busiest hour one hour must be before it counts as a jump.",
  },
  jumpAtLeast: {
    value: 40,
    why: "Recipients within an hour below which no jump is seen, whatever the past was.",
  },
  newAccountPerHour: {
    value: 200,
    why: "Recipients within an hour that count as much for a login without a past of its own.",
  },
  recipientsPerMessage: {
    value: 50,
    why: "Recipients of one message from which it counts as mass mail.",
  },
  rejectShare: {
    value: 0.25,
    why: "Share of refused recipients; bought address lists are old, an address book is not.",
  },
  bounceShare: {
    value: 0.2,
    why: "Share of deliveries that bounce for good, of those that came to an end.",
  },
  failuresEnough: {
    value: 15,
    why: "Refusals or bounces below which their share says nothing.",
  },
  bruteForce: {
    value: 20,
    why: "Wrong passwords before the first success; a person with a new password makes fewer, a phone repeats one address.",
  },
  bruteForceAddresses: {
    value: 5,
    why: "Addresses that wrong passwords come from; a forgotten device is one, guessing machines are many.",
  },
  baselineDays: {
    value: 2,
    why: "Days with mail that a past must have before the window is compared with it.",
  },
  unusualHours: {
    value: 0.02,
    why: "Share of the account's past mail in these hours of the day below which they are unusual.",
  },
  watch: { value: 20, why: "Score from which an account is shown as one to watch." },
  suspect: { value: 40, why: "Score from which an account is suspect and an alert is raised." },
  compromised: { value: 70, why: "Score from which an account is taken as stolen." },
} as const satisfies Record<string, { value: number; why: string }>;

export type ThresholdName = keyof typeof thresholds;
export type Thresholds = Record<ThresholdName, number>;

/** The defaults with what the settings say laid over them; unknown names and numbers that are none are passed over. */
export function thresholdsWith(settings: Record<string, number>): Thresholds {
  const read = (name: ThresholdName) => {
    const set = Object.hasOwn(settings, name) ? settings[name] : undefined;
    return set !== undefined && Number.isFinite(set) && set >= 0 ? set : thresholds[name].value;
  };
  return Object.fromEntries(Object.keys(thresholds).map((name) => [name, read(name as ThresholdName)])) as Thresholds;
}
