import { type Chance, chance } from "./random";
import { day, hour, type Place, type Story, windowFrom } from "./story";

const homes = ["DE", "DE", "FR", "NL", "PL", "US", "GB", "BR", "IT", "ES"] as const;
const abroad = [
  "US",
  "VN",
  "BR",
  "RU",
  "IN",
  "ID",
  "TR",
  "NG",
  "CN",
  "UA",
  "ZA",
  "MX",
  "TH",
  "EG",
  "AR",
  "RO",
] as const;

/** Knobs of a burst or a habit of mail; each number is a mean. */
export type Habit = {
  /** Days from the window's first day, both ends in it: 0 is the window, -1 the day before. */
  days: [number, number];
  perDay: number;
  /** Hours of the day in UTC, end excluded. */
  hours: [number, number];
  weekends?: boolean;
  from: (day: number) => Place;
  sender?: () => string;
  recipients?: () => number;
  refused?: number;
  bounced?: number;
  deferred?: number;
};

/** Writes one account's story: habits upon habits. */
export class Writer {
  readonly chance: Chance;
  readonly story: Story;
  readonly home: string;

  constructor(seed: number) {
    this.chance = chance(seed);
    this.home = this.chance.pick(homes);
    const name = `user${this.chance.whole(100, 999)}@firm${this.chance.whole(1, 40)}.example`;
    this.story = { account: name, messages: [], logins: [], heloNames: [] };
  }
  place(country: string = this.home): Place {
    const c = this.chance;
    if (c.yes(0.15))
      return {
        address: `2001:${c.whole(0x100, 0xfff).toString(16)}:${c.whole(1, 0xffff).toString(16)}::${c.whole(1, 0xffff).toString(16)}`,
        country,
      };
    return { address: `${c.whole(11, 223)}.${c.whole(0, 255)}.${c.whole(0, 255)}.${c.whole(1, 254)}`, country };
  }
  /** Another address of the same /24. */
  near({ address, country }: Place): Place {
    if (address.includes(":"))
      return { address: `${address.slice(0, address.lastIndexOf("::"))}::${this.chance.whole(1, 9999)}`, country };
    return { address: `${address.slice(0, address.lastIndexOf("."))}.${this.chance.whole(1, 254)}`, country };
  }
  strange(): string {
    return this.chance.pick(abroad.filter((country) => country !== this.home));
  }
  /** Usual business numbers of recipients. */
  few = () => (this.chance.yes(0.75) ? 1 : this.chance.whole(2, 8));

  mail(habit: Habit): this {
    const c = this.chance;
    for (let d = habit.days[0]; d <= habit.days[1]; d++) {
      const begin = windowFrom + d * day;
      const weekday = new Date(begin).getUTCDay();
      if (habit.weekends === false && (weekday === 0 || weekday === 6)) continue;
      for (let n = c.times(habit.perDay); n > 0; n--) {
        const recipients = habit.recipients?.() ?? this.few();
        const part = (share: number | undefined) => Math.min(recipients, c.times(recipients * (share ?? 0)));
        const bounced = part(habit.bounced ?? 0.01);
        this.story.messages.push({
          at: begin + Math.floor((habit.hours[0] + c.next() * (habit.hours[1] - habit.hours[0])) * hour),
          ...habit.from(d),
          sender: habit.sender?.() ?? this.story.account,
          recipients,
          bounced,
          deferred: Math.min(recipients - bounced, part(habit.deferred ?? 0.02)),
          refused: c.times(recipients * (habit.refused ?? 0.005)),
        });
      }
    }
    return this;
  }
  /** Reads mail by IMAP from a place, a few times a day. */
  read(days: [number, number], from: (day: number) => Place, perDay = 6): this {
    for (let d = days[0]; d <= days[1]; d++)
      for (let n = this.chance.times(perDay); n > 0; n--)
        this.story.logins.push({
          at: windowFrom + d * day + Math.floor((7 + this.chance.next() * 14) * hour),
          ...from(d),
          protocol: "imap",
          ok: true,
        });
    return this;
  }
  /** Wrong passwords by SMTP on the window's day until `until` (hours). */
  guessed(count: number, until: number, from: () => Place): this {
    for (let n = 0; n < count; n++)
      this.story.logins.push({
        at: windowFrom + Math.floor(this.chance.next() * until * hour),
        ...from(),
        protocol: "smtp",
        ok: false,
      });
    return this;
  }
}
