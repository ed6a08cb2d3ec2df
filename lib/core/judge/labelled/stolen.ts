import type { Story } from "./story";
import { Writer } from "./writer";

/** An honest past that goes on through the window: the owner knows of nothing. */
function owned(seed: number, perDay = 12): Writer {
  const w = new Writer(seed);
  const desk = w.place();
  w.mail({ days: [-14, 0], perDay, hours: [7, 17], weekends: false, from: () => w.near(desk) });
  return w.read([-14, 0], () => desk);
}
const word = (w: Writer) =>
  `${w.chance.pick(["info", "sales", "anna", "office", "mark", "billing"])}${w.chance.whole(1, 9999)}`;

/** Kinds of stolen accounts: each makes one from a seed, the thief at work somewhere in the window. */
export const stolen: Record<string, (seed: number) => Story> = {
  botnet(seed) {
    const w = owned(seed);
    const start = w.chance.whole(0, 18);
    const pool = Array.from({ length: w.chance.whole(60, 400) }, () => w.place(w.strange()));
    return w.mail({
      days: [0, 0],
      perDay: w.chance.whole(300, 2000),
      hours: [start, start + w.chance.whole(1, 5)],
      from: () => w.chance.pick(pool),
      sender: () => `${word(w)}@d${w.chance.whole(1, 300)}.example`,
      recipients: () => w.chance.whole(1, 30),
      bounced: 0.25,
      refused: 0.2,
    }).story;
  },
  "botnet with the true sender"(seed) {
    const w = owned(seed);
    const pool = Array.from({ length: w.chance.whole(30, 200) }, () => w.place(w.strange()));
    const start = w.chance.whole(0, 18);
    return w.mail({
      days: [0, 0],
      perDay: w.chance.whole(150, 900),
      hours: [start, start + w.chance.whole(2, 5)],
      from: () => w.chance.pick(pool),
      recipients: () => w.chance.whole(1, 10),
      bounced: 0.2,
      refused: 0.1,
    }).story;
  },
  "slow thief, low volume"(seed) {
    const w = owned(seed);
    const pool = Array.from({ length: w.chance.whole(15, 40) }, () => w.place(w.strange()));
    return w.mail({
      days: [0, 0],
      perDay: w.chance.whole(25, 70),
      hours: [0, 24],
      from: () => w.chance.pick(pool),
      sender: () => (w.chance.yes(0.5) ? w.story.account : `${word(w)}@d${w.chance.whole(1, 20)}.example`),
      recipients: () => 1,
      bounced: 0.15,
      refused: 0.05,
    }).story;
  },
  "slow thief with the true sender"(seed) {
    const w = owned(seed);
    const pool = Array.from({ length: w.chance.whole(15, 40) }, () => w.place(w.strange()));
    return w.mail({
      days: [0, 0],
      perDay: w.chance.whole(25, 70),
      hours: [0, 24],
      from: () => w.chance.pick(pool),
      recipients: () => w.chance.whole(1, 3),
      bounced: 0.15,
      refused: 0.05,
    }).story;
  },
  "one-address thief"(seed) {
    const w = owned(seed);
    const thief = w.place(w.strange());
    const start = w.chance.whole(0, 20);
    return w.mail({
      days: [0, 0],
      perDay: w.chance.whole(100, 1500),
      hours: [start, start + w.chance.whole(1, 4)],
      from: () => thief,
      recipients: () => w.chance.whole(1, 40),
      bounced: 0.2,
      refused: 0.15,
    }).story;
  },
  "forger with a plausible domain"(seed) {
    const w = owned(seed);
    const thief = w.place(w.strange());
    const fake = `${w.story.account.split("@")[0]}@${w.story.account.split("@")[1]?.replace(".example", "-mail.example")}`;
    return w.mail({
      days: [0, 0],
      perDay: w.chance.whole(120, 600),
      hours: [1, w.chance.whole(4, 20)],
      from: () => thief,
      sender: () => fake,
      recipients: () => w.chance.whole(1, 5),
      bounced: 0.12,
    }).story;
  },
  "guessed password"(seed) {
    const w = owned(seed, w0(seed));
    const thief = w.place(w.strange());
    w.guessed(w.chance.whole(30, 500), 1, () => w.place(w.strange()));
    return w.mail({
      days: [0, 0],
      perDay: w.chance.whole(40, 400),
      hours: [1.2, w.chance.whole(3, 8)],
      from: () => thief,
      recipients: () => w.chance.whole(1, 10),
      bounced: 0.15,
      refused: 0.1,
    }).story;
  },
  "thief in the own country"(seed) {
    const w = owned(seed);
    const pool = Array.from({ length: w.chance.whole(1, 5) }, () => w.place());
    const start = w.chance.whole(0, 20);
    return w.mail({
      days: [0, 0],
      perDay: w.chance.whole(150, 1000),
      hours: [start, start + w.chance.whole(1, 4)],
      from: () => w.chance.pick(pool),
      recipients: () => w.chance.whole(1, 20),
      bounced: 0.25,
      refused: 0.15,
    }).story;
  },
  "malware on the owner's own computer"(seed) {
    const w = owned(seed);
    const desk = w.story.messages[0] ?? w.place();
    const start = w.chance.whole(0, 20);
    return w.mail({
      days: [0, 0],
      perDay: w.chance.whole(200, 900),
      hours: [start, start + 3],
      from: () => w.near(desk),
      recipients: () => w.chance.whole(1, 20),
      bounced: 0.25,
      refused: 0.2,
    }).story;
  },
  "mass mail in few messages"(seed) {
    const w = owned(seed);
    const thief = w.place(w.strange());
    return w.mail({
      days: [0, 0],
      perDay: w.chance.whole(8, 40),
      hours: [2, 5],
      from: () => thief,
      recipients: () => w.chance.whole(60, 150),
      bounced: 0.25,
      refused: 0.2,
    }).story;
  },
  "account without a past"(seed) {
    const w = new Writer(seed);
    const pool = Array.from({ length: w.chance.whole(3, 60) }, () => w.place(w.strange()));
    return w.mail({
      days: [0, 0],
      perDay: w.chance.whole(200, 1200),
      hours: [3, w.chance.whole(5, 12)],
      from: () => w.chance.pick(pool),
      sender: () => `${word(w)}@d${w.chance.whole(1, 60)}.example`,
      recipients: () => w.chance.whole(1, 20),
      bounced: 0.3,
      refused: 0.2,
    }).story;
  },
  "newsletter account stolen"(seed) {
    const w = owned(seed);
    const desk = w.place();
    for (const d of [-13, -6])
      w.mail({
        days: [d, d],
        perDay: w.chance.whole(300, 1000),
        hours: [8, 11],
        from: () => desk,
        recipients: () => 1,
        bounced: 0.03,
      });
    const pool = Array.from({ length: w.chance.whole(20, 120) }, () => w.place(w.strange()));
    return w.mail({
      days: [0, 0],
      perDay: w.chance.whole(300, 1500),
      hours: [0, 8],
      from: () => w.chance.pick(pool),
      sender: () => `${word(w)}@d${w.chance.whole(1, 90)}.example`,
      recipients: () => w.chance.whole(1, 5),
      bounced: 0.2,
      refused: 0.1,
    }).story;
  },
  "business letter fraud, a dozen messages"(seed) {
    const w = owned(seed);
    const thief = w.place(w.strange());
    return w
      .mail({ days: [0, 0], perDay: 12, hours: [9, 15], from: () => thief, recipients: () => 1 })
      .read([0, 0], () => thief, 5).story;
  },
};

/** How busy an owner is, from a seed of its own. */
function w0(seed: number): number {
  return 2 + (seed % 20);
}
