import type { Chance } from "../core/judge/labelled/random";

/**
 * First parts of large blocks that are known to belong to providers of a country, so that the country shows. The
 * addresses in them are made up; nothing is ever sent to one.
 */
const abroad = [
  [177, 32, 95],
  [189, 0, 63],
  [113, 160, 191],
  [14, 160, 191],
  [117, 192, 255],
  [36, 64, 95],
  [78, 160, 191],
  [95, 24, 31],
  [93, 72, 79],
  [197, 32, 63],
  [41, 32, 47],
  [112, 0, 63],
  [190, 0, 63],
  [186, 0, 31],
  [171, 224, 255],
] as const;
const home = [
  [91, 0, 63],
  [80, 128, 159],
  [93, 192, 255],
  [87, 128, 191],
  [79, 192, 255],
] as const;

const addressIn = (chance: Chance, blocks: readonly (readonly [number, number, number])[]) => {
  const [first, least, most] = chance.pick(blocks);
  return `${first}.${chance.whole(least, most)}.${chance.whole(0, 255)}.${chance.whole(1, 254)}`;
};
export const addressAbroad = (chance: Chance) => addressIn(chance, abroad);
export const addressAtHome = (chance: Chance) => addressIn(chance, home);

const first = [
  "anna",
  "ben",
  "clara",
  "david",
  "emma",
  "felix",
  "greta",
  "hannes",
  "ida",
  "jonas",
  "klara",
  "leon",
  "mia",
  "nico",
];
export const honestAccounts = first
  .map((name) => `${name}@example.com`)
  .concat("reports@example.com", "sales@example.com");
export const stolenAccount = "clara@example.com";

const words = ["invoice", "parcel", "account", "update", "notice", "winner", "billing", "report", "support", "order"];
export const forgedSender = (chance: Chance) =>
  `${chance.pick(words)}.${chance.whole(1, 99)}@${chance.pick(words)}${chance.whole(1, 60)}.example.net`;
export const spamSubject = (chance: Chance) => `Your ${chance.pick(words)} ${chance.whole(1000, 9999)} needs attention`;
export const honestSubject = (chance: Chance) =>
  chance.pick([
    "Minutes of Monday",
    "Offer",
    "Re: delivery date",
    "Lunch?",
    "Draft contract",
    "Holiday plan",
    "Question about the order",
  ]);
export const recipient = (chance: Chance) =>
  `${chance.pick(first)}${chance.whole(1, 9999)}@${chance.pick(["example.org", "mail.example.org", "example.edu", "example.net"])}`;
/** A business partner whose mail server does not answer for some hours: what is sent there waits in the queue. */
export const partner = "partner.example.edu";
export const atPartner = (chance: Chance) => `${chance.pick(first)}@${partner}`;
