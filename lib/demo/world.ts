import { attackGoesOn } from "./attack";
import { submit } from "./deliver";
import type { DemoHost } from "./demo-host";
import {
  addressAbroad,
  addressAtHome,
  atPartner,
  honestAccounts,
  honestSubject,
  recipient,
  stolenAccount,
} from "./places";

export type Story = { historyDays: number; attack: boolean; busy: number };
const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

/** How much of a day's mail an account sends in this hour (UTC): whoever looks at night must see honest mail flow, too. */
const shareOfHour = (at: number) => {
  const h = new Date(at).getUTCHours();
  return h >= 7 && h < 17 ? 1 : 0.5;
};

/** Sets going what happens on the host, from days ago; play the agenda up to now and then on. */
export function begin(host: DemoHost, story: Story, now: number): void {
  const from = now - story.historyDays * day;
  host.agenda.put(from, (at) => {
    host.say(at, "postfix-script", 153, "starting the Postfix mail system");
    host.say(at, "master", 155, "daemon started -- version 3.7.11, configuration /etc/postfix");
  });
  host.partnerAwaySince = now - 3 * hour;
  for (const account of honestAccounts) honest(host, account, from, story.busy);
  strangers(host, from);
  if (story.attack) attackGoesOn(host, now - 40 * minute);
}

/** One person: an office, sometimes a phone, mail by day, and IMAP from the same places. */
function honest(host: DemoHost, account: string, from: number, busy: number): void {
  const { chance, agenda } = host;
  const desk = { address: addressAtHome(chance), name: "office.example.com", helo: "client.example" };
  const phone = { address: addressAtHome(chance), name: "unknown", helo: "[192.168.1.7]" };
  const perHour = busy * chance.whole(3, 9);
  const next = (at: number) => at + Math.round((-Math.log(1 - chance.next()) * hour) / (perHour * shareOfHour(at)));
  const send = (at: number) => {
    agenda.put(next(at), send);
    const recipients = Array.from({ length: chance.yes(0.8) ? 1 : chance.whole(2, 4) }, () =>
      chance.yes(0.12) ? atPartner(chance) : recipient(chance),
    );
    const size = chance.whole(600, 40_000);
    const client = chance.yes(0.85) ? desk : phone;
    submit(host, at, {
      account,
      client,
      sender: account,
      recipients,
      size,
      subject: honestSubject(chance),
      spam: false,
    });
  };
  const read = (at: number) => {
    agenda.put(at + chance.whole(40, 200) * minute, read);
    if (!host.running.dovecot) return;
    const { address } = chance.yes(0.6) ? desk : phone;
    const session = `${chance.whole(1e8, 9e8).toString(36)}AAAB`;
    const where = `method=PLAIN, rip=${address}, lip=192.0.2.25`;
    if (chance.yes(0.03))
      host.sayDovecot(
        at,
        `imap-login: Disconnected: Aborted login by logging out (auth failed, 1 attempts in 2 secs): user=<${account}>, ${where}, TLS, session=<${session.replace("B", "A")}>`,
      );
    const pid = chance.whole(4000, 30_000);
    host.sayDovecot(at, `imap-login: Login: user=<${account}>, ${where}, mpid=${pid}, TLS, session=<${session}>`);
    const count = (most: number) => chance.whole(0, most);
    const counts = `in=${80 + count(4000)} out=${900 + count(90_000)} deleted=${count(3)} expunged=${count(3)} trashed=0 hdr_count=${count(40)} hdr_bytes=${count(40_000)} body_count=${count(4)} body_bytes=${count(60_000)}`;
    agenda.put(at + chance.whole(5000, 900_000), (then) =>
      host.sayDovecot(then, `imap(${account})<${pid}><${session}>: Disconnected: Logged out ${counts}`),
    );
  };
  agenda.put(next(from), send);
  agenda.put(from + chance.whole(0, 100) * minute, read);
}

/** Machines that guess passwords all day, at every account: what an honest log always has. */
function strangers(host: DemoHost, from: number): void {
  const { chance, agenda } = host;
  const guess = (at: number) => {
    agenda.put(at + chance.whole(2, 25) * minute, guess);
    if (!host.running.postfix || host.brakes.has("stop-in")) return;
    const account = chance.pick(honestAccounts.filter((name) => name !== stolenAccount));
    const pid = chance.pick(host.smtpd);
    const address = addressAbroad(chance);
    host.say(at, "submission/smtpd", pid, `connect from unknown[${address}]`);
    host.say(
      at,
      "submission/smtpd",
      pid,
      `warning: unknown[${address}]: SASL PLAIN authentication failed: (reason unavailable), sasl_username=${account}`,
    );
    host.say(at, "submission/smtpd", pid, `disconnect from unknown[${address}] ehlo=1 auth=0/1 quit=1 commands=2/3`);
  };
  agenda.put(from, guess);
}
