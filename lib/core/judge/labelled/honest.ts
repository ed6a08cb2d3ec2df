import { Writer } from "./writer";

/** Kinds of honest accounts: each makes one from a seed. The last day is like the ones before, or honestly odd. */
export const honest = {
  "office worker"(seed: number) {
    const w = new Writer(seed);
    const [desk, home] = [w.place(), w.place()];
    w.mail({
      days: [-14, 0],
      perDay: w.chance.whole(5, 40),
      hours: [7, 17],
      weekends: false,
      from: () => w.near(desk),
    });
    w.mail({ days: [-14, 0], perDay: 2, hours: [17, 22], from: () => home });
    return w.read([-14, 0], () => desk).story;
  },
  "newsletter sender"(seed: number) {
    const w = new Writer(seed);
    const desk = w.place();
    const list = w.chance.whole(300, 4000);
    for (const d of [-13, -6, 0])
      w.mail({
        days: [d, d],
        perDay: list,
        hours: [8, 9 + w.chance.whole(1, 4)],
        from: () => desk,
        recipients: () => 1,
        bounced: 0.03,
        refused: 0.01,
      });
    return w.mail({ days: [-14, 0], perDay: 6, hours: [7, 17], from: () => desk }).story;
  },
  "newsletter with an old list"(seed: number) {
    const w = new Writer(seed);
    const desk = w.place();
    const list = w.chance.whole(200, 1500);
    for (const d of [-12, -5, 0])
      w.mail({
        days: [d, d],
        perDay: list,
        hours: [9, 12],
        from: () => desk,
        recipients: () => 1,
        bounced: 0.2,
        refused: 0.1,
      });
    return w.mail({ days: [-14, 0], perDay: 3, hours: [7, 17], from: () => desk }).story;
  },
  "club secretary, mass mail once"(seed: number) {
    const w = new Writer(seed);
    const home = w.place();
    w.mail({ days: [-14, 0], perDay: 3, hours: [16, 22], from: () => home });
    return w.mail({
      days: [0, 0],
      perDay: 4,
      hours: [18, 19],
      from: () => home,
      recipients: () => w.chance.whole(40, 90),
      bounced: 0.05,
    }).story;
  },
  "travelling user"(seed: number) {
    const w = new Writer(seed);
    const [home, hotel, phone] = [w.place(), w.place(w.strange()), w.place()];
    const left = w.chance.whole(-2, 0);
    w.mail({ days: [-14, left - 1], perDay: 12, hours: [7, 18], from: () => home });
    w.mail({
      days: [left, 0],
      perDay: 10,
      hours: [14, 24],
      from: () => (w.chance.yes(0.7) ? hotel : w.place(hotel.country)),
    });
    return w.read([-14, left - 1], () => (w.chance.yes(0.5) ? home : phone)).read([left, 0], () => hotel, 3).story;
  },
  "traveller with a VPN home"(seed: number) {
    const w = new Writer(seed);
    const [home, hotel] = [w.place(), w.place(w.strange())];
    w.mail({ days: [-14, -1], perDay: 10, hours: [7, 18], from: () => home });
    return w.mail({ days: [0, 0], perDay: 10, hours: [8, 20], from: () => (w.chance.yes(0.5) ? home : hotel) }).story;
  },
  "mobile carrier, rotating addresses"(seed: number) {
    const w = new Writer(seed);
    const pool = Array.from({ length: w.chance.whole(10, 40) }, () => w.place());
    w.mail({ days: [-14, 0], perDay: w.chance.whole(8, 35), hours: [6, 22], from: () => w.near(w.chance.pick(pool)) });
    return w.read([-14, 0], () => w.near(w.chance.pick(pool)), 20).story;
  },
  "shared office account"(seed: number) {
    const w = new Writer(seed);
    const desks = Array.from({ length: w.chance.whole(3, 6) }, () => w.place());
    w.mail({
      days: [-14, 0],
      perDay: w.chance.whole(60, 250),
      hours: [6, 18],
      weekends: false,
      from: () => w.near(w.chance.pick(desks)),
      recipients: w.few,
    });
    return w.read([-14, 0], () => w.chance.pick(desks), 40).story;
  },
  "office in two countries"(seed: number) {
    const w = new Writer(seed);
    const desks = [w.place(), w.place(), w.place(w.strange())];
    return w.mail({ days: [-14, 0], perDay: w.chance.whole(30, 120), hours: [6, 20], from: () => w.chance.pick(desks) })
      .story;
  },
  "new employee"(seed: number) {
    const w = new Writer(seed);
    const [desk, phone] = [w.place(), w.place()];
    const came = w.chance.whole(-1, 0);
    w.guessed(w.chance.whole(0, 6), 8, () => desk);
    return w.mail({
      days: [came, 0],
      perDay: w.chance.whole(10, 45),
      hours: [8, 17],
      from: () => (w.chance.yes(0.8) ? desk : w.near(phone)),
    }).story;
  },
  "reports of a machine"(seed: number) {
    const w = new Writer(seed);
    const machine = w.place();
    const night = w.chance.whole(0, 5);
    w.mail({
      days: [-14, 0],
      perDay: w.chance.whole(20, 400),
      hours: [night, night + 1],
      from: () => machine,
      recipients: () => 1,
    });
    return w.mail({
      days: [0, 0],
      perDay: w.chance.whole(0, 60),
      hours: [13, 15],
      from: () => machine,
      recipients: () => 1,
    }).story;
  },
  "shop that mails for its customers"(seed: number) {
    const w = new Writer(seed);
    const server = w.place();
    const names = Array.from({ length: w.chance.whole(20, 80) }, (_, n) => `shop${n}@brand${n % 9}.example`);
    return w.mail({
      days: [-14, 0],
      perDay: w.chance.whole(80, 300),
      hours: [0, 24],
      from: () => server,
      sender: () => w.chance.pick(names),
      recipients: () => 1,
    }).story;
  },
  "uses an alias nobody entered"(seed: number) {
    const w = new Writer(seed);
    const desk = w.place();
    const alias = "info@otherfirm.example";
    return w.mail({
      days: [-14, 0],
      perDay: 12,
      hours: [7, 17],
      from: () => w.near(desk),
      sender: () => (w.chance.yes(0.4) ? alias : w.story.account),
    }).story;
  },
  "guessed at all day, never broken"(seed: number) {
    const w = new Writer(seed);
    const desk = w.place();
    w.guessed(w.chance.whole(30, 400), 20, () => w.place(w.strange()));
    return w.mail({ days: [-14, 0], perDay: 15, hours: [8, 17], from: () => w.near(desk) }).story;
  },
  "phone with an old password"(seed: number) {
    const w = new Writer(seed);
    const [desk, phone] = [w.place(), w.place()];
    w.guessed(w.chance.whole(20, 120), 9, () => phone);
    return w.mail({
      days: [-14, 0],
      perDay: 12,
      hours: [9, 17],
      from: () => (w.chance.yes(0.8) ? w.near(desk) : phone),
    }).story;
  },
  "busy end of the quarter"(seed: number) {
    const w = new Writer(seed);
    const desk = w.place();
    w.mail({ days: [-14, -1], perDay: 20, hours: [7, 17], weekends: false, from: () => w.near(desk) });
    return w.mail({ days: [0, 0], perDay: w.chance.whole(80, 160), hours: [6, 21], from: () => w.near(desk) }).story;
  },
} as const;
