import type { MailHostInfo } from "./host";
import { attack, honest } from "./traffic";

/**
 * Traffic that goes on until the signal, for trying by hand: honest mail, and one stolen account that sends from hundreds
 * of networks under forged senders. As a thief's program does, it tries again after a refusal or a broken connection.
 */
export async function keepBusy(host: MailHostInfo, signal: AbortSignal): Promise<void> {
  await Promise.all([
    rounds(signal, (round) =>
      honest(host, { messages: 40, seed: 1000 + round, rate: round === 0 ? undefined : 0.7, parallel: 2, signal }),
    ),
    rounds(signal, (round) =>
      attack(host, {
        messages: round === 0 ? 300 : 100,
        senders: 60,
        clients: 90,
        seed: 2000 + round,
        failedLogins: round === 0 ? 12 : 0,
        recipientRejects: 4,
        senderRejects: 2,
        rate: round === 0 ? undefined : 3,
        parallel: 3,
        signal,
      }),
    ),
  ]);
}

async function rounds(signal: AbortSignal, send: (round: number) => Promise<unknown>): Promise<void> {
  for (let round = 0; !signal.aborted; round += 1) {
    const refused = await send(round).then(
      () => false,
      () => true,
    );
    if (refused) await new Promise((resolve) => setTimeout(resolve, 3000));
  }
}
