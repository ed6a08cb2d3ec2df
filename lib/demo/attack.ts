import { submit } from "./deliver";
import type { DemoHost } from "./demo-host";
import { addressAbroad, forgedSender, recipient, spamSubject, stolenAccount } from "./places";

/** Above this many queued messages the thief's own machines slow down: a demo left alone must not grow for ever. */
const enough = 8000;

/** Somebody guesses the password and then sends, from many networks, until it is stopped; and goes on trying then. */
export function attackGoesOn(host: DemoHost, from: number): void {
  const { chance, agenda } = host;
  const machines = Array.from({ length: 140 }, () => addressAbroad(chance));
  for (let n = 0; n < 60; n++)
    agenda.put(from - 60_000 * chance.whole(2, 30), (at) => {
      const address = chance.pick(machines);
      const pid = chance.pick(host.smtpd);
      host.say(at, "submission/smtpd", pid, `connect from unknown[${address}]`);
      host.say(
        at,
        "submission/smtpd",
        pid,
        `warning: unknown[${address}]: SASL PLAIN authentication failed: (reason unavailable), sasl_username=${stolenAccount}`,
      );
      host.say(at, "submission/smtpd", pid, `disconnect from unknown[${address}] ehlo=1 auth=0/1 quit=1 commands=2/3`);
    });
  const send = (at: number) => {
    agenda.put(at + (host.queue.size > enough ? 20 : 1) * chance.whole(300, 2000), send);
    const client = { address: chance.pick(machines), name: "unknown", helo: "client.example" };
    const sender = forgedSender(chance);
    submit(host, at, {
      account: stolenAccount,
      client,
      sender,
      recipients: Array.from({ length: chance.whole(1, 4) }, () => recipient(chance)),
      size: chance.whole(540, 1400),
      subject: spamSubject(chance),
      spam: true,
      refused: chance.yes(0.12) ? `x${chance.whole(1, 999)}@nosuchdomain.example` : null,
    });
  };
  agenda.put(from, send);
}
