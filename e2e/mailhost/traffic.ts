import type { MailHostInfo } from "./host";
import { refused } from "./postfix-config";
import { type Chance, chance } from "./seeded";
import { queuedAs, SmtpClient } from "./smtp";

/** One message as the host took it. */
export type Sent = { id: string; account: string; sender: string; recipients: string[]; client: string };

export type Attack = {
  account?: string;
  messages: number;
  /** Distinct forged envelope senders, each used at least once when messages >= senders. */
  senders?: number;
  /** Distinct client addresses by XCLIENT. */
  clients?: number;
  recipientsEach?: number;
  /** Extra refused attempts: recipient rejects, sender rejects, failed logins before success. */
  recipientRejects?: number;
  senderRejects?: number;
  failedLogins?: number;
  seed?: number;
  /** Messages a second, as near as the host allows; unset is as fast as it goes. */
  rate?: number;
  parallel?: number;
  subject?: (index: number) => string;
  signal?: AbortSignal;
};

export type Honest = {
  messages: number;
  accounts?: string[];
  recipientsEach?: number;
  seed?: number;
  rate?: number;
  parallel?: number;
  signal?: AbortSignal;
};

const honestAccounts = ["alice@example.com", "bob@example.com", "carol@example.com"];
const words = ["invoice", "parcel", "account", "update", "notice", "winner", "meeting", "report", "minutes", "order"];

/** The stolen account's mail: exactly `messages` queued, each from another network and under forged senders. */
export async function attack(host: MailHostInfo, wanted: Attack): Promise<Sent[]> {
  const account = wanted.account ?? "stolen@example.com";
  const senders = wanted.senders ?? Math.min(300, wanted.messages);
  const clients = wanted.clients ?? Math.min(200, wanted.messages);
  const dice = chance(wanted.seed ?? 1);
  const forged = Array.from(
    { length: senders },
    (_, n) => `${dice.pick(words)}.${n}@${dice.pick(words)}${n % 97}.example.net`,
  );
  const addresses = Array.from({ length: clients }, (_, n) => attackAddress(n));
  const jobs = Array.from({ length: wanted.messages }, (_, index) => ({
    account,
    sender: forged[index % senders] as string,
    recipients: recipientsOf(dice, wanted.recipientsEach ?? 2, `a${index}`),
    client: addresses[index % clients] as string,
    text: body(forged[index % senders] as string, wanted.subject?.(index) ?? `${dice.pick(words)} ${index}`, dice),
  }));
  for (let n = 0; n < (wanted.failedLogins ?? 0); n += 1) await failedLogin(host, account, attackAddress(n));
  for (let n = 0; n < (wanted.recipientRejects ?? 0); n += 1) {
    await refusedTry(
      host,
      account,
      forged[n % senders] as string,
      `x${n}@${refused.recipientDomain}`,
      attackAddress(n),
    );
  }
  for (let n = 0; n < (wanted.senderRejects ?? 0); n += 1) {
    await refusedTry(host, account, `x${n}@${refused.senderDomain}`, `someone${n}@example.org`, attackAddress(n));
  }
  return deliver(host, jobs, wanted);
}

/** Honest mail: each account from its one address and under its own name; exactly `messages`, spread evenly. */
export function honest(host: MailHostInfo, wanted: Honest): Promise<Sent[]> {
  const accounts = wanted.accounts ?? honestAccounts;
  const dice = chance(wanted.seed ?? 2);
  const jobs = Array.from({ length: wanted.messages }, (_, index) => {
    const account = accounts[index % accounts.length] as string;
    return {
      account,
      sender: account,
      recipients: recipientsOf(dice, wanted.recipientsEach ?? 1, `h${index}`),
      client: `192.0.2.${10 + (index % accounts.length)}`,
      text: body(account, `${dice.pick(words)} ${index}`, dice),
    };
  });
  return deliver(host, jobs, wanted);
}

/** Fills the queue fast: `count` messages of one account over parallel sessions. Returns how many were taken. */
export async function fill(host: MailHostInfo, count: number, wanted: Partial<Attack> = {}): Promise<number> {
  return (await attack(host, { parallel: 8, recipientsEach: 1, ...wanted, messages: count })).length;
}

/** One failed login, as the log shows it ("SASL PLAIN authentication failed"). */
export async function failedLogin(host: MailHostInfo, account: string, client: string): Promise<void> {
  const smtp = await SmtpClient.open(host.submissionPort);
  await smtp.from(client);
  await smtp.login(account, "wrong");
  await smtp.quit();
}

async function refusedTry(host: MailHostInfo, account: string, sender: string, recipient: string, client: string) {
  const smtp = await login(host, account, client);
  await smtp.message(sender, [recipient], "");
  await smtp.quit();
}

/** A logged-in session that stays open; for tests of what happens to open sessions. */
export async function login(host: MailHostInfo, account: string, client: string): Promise<SmtpClient> {
  const password = host.accounts.find(({ login }) => login === account)?.password;
  if (password === undefined) throw new Error(`the mail host has no account ${account}`);
  const smtp = await SmtpClient.open(host.submissionPort);
  await smtp.from(client, client.startsWith("192.0.2.") ? "office.example.com" : "[UNAVAILABLE]");
  const reply = await smtp.login(account, password);
  if (reply.code !== 235) throw new Error(`login of ${account} refused: ${reply.text}`);
  return smtp;
}

type Job = Omit<Sent, "id"> & { text: string };

async function deliver(
  host: MailHostInfo,
  jobs: Job[],
  how: { rate?: number; parallel?: number; signal?: AbortSignal },
) {
  const sent: Sent[] = [];
  const started = Date.now();
  let next = 0;
  // Neighbouring jobs of one account and client share a session; fillers with one client send thousands in one.
  const worker = async () => {
    let open: { key: string; smtp: SmtpClient; used: number } | null = null;
    while (next < jobs.length && !how.signal?.aborted) {
      const index = next++;
      const { text, ...job } = jobs[index] as Job;
      if (how.rate) {
        const due = started + (index * 1000) / how.rate;
        if (due > Date.now()) await new Promise((resolve) => setTimeout(resolve, due - Date.now()));
      }
      const key = `${job.account} ${job.client}`;
      if (!open || open.key !== key || open.used >= 100) {
        await open?.smtp.quit();
        open = { key, smtp: await login(host, job.account, job.client), used: 0 };
      }
      open.used += 1;
      const reply = await open.smtp.message(job.sender, job.recipients, text);
      const id = queuedAs(reply);
      if (!id) throw new Error(`message ${index} of ${job.account} was not queued: ${reply.text}`);
      sent.push({ id, ...job });
    }
    await open?.smtp.quit();
  };
  await Promise.all(Array.from({ length: Math.min(how.parallel ?? 4, Math.max(1, jobs.length)) }, worker));
  return sent;
}

/** Addresses of the documentation ranges (RFC 5737) and of 100 other /24 networks, never twice below 25,000. */
function attackAddress(index: number): string {
  return `${[203, 198, 185, 91][index % 4]}.${[0, 51, 220, 92][index % 4]}.${Math.floor(index / 4) % 100}.${1 + (Math.floor(index / 400) % 250)}`;
}

function recipientsOf(dice: Chance, count: number, tag: string): string[] {
  return Array.from(
    { length: count },
    (_, n) => `${tag}.${n}@${dice.pick(["example.org", "example.edu", "mail.example.org"])}`,
  );
}

function body(sender: string, subject: string, dice: Chance): string {
  const lines = Array.from({ length: 3 + dice.int(8) }, () =>
    Array.from({ length: 8 }, () => dice.pick(words)).join(" "),
  );
  return `From: <${sender}>\nSubject: ${subject}\nMessage-ID: <${dice.int(1e9)}.${dice.int(1e9)}@client.example>\n\n${lines.join("\n")}\n`;
}

export type Thief = { accepted: Sent[]; refused: number; stop(): Promise<void> };

/** A thief's program that never gives up: whatever is refused or cut, it connects again and sends on until stopped. */
export function thief(host: MailHostInfo, account = "stolen@example.com", parallel = 3): Thief {
  const dice = chance(7);
  const state = { accepted: [] as Sent[], refused: 0 };
  let stopped = false;
  let made = 0;
  const session = async () => {
    const client = attackAddress(dice.int(400));
    const smtp = await login(host, account, client);
    for (let n = 0; n < 20 && !stopped; n += 1) {
      const sender = `${dice.pick(words)}.${made}@forged${made % 50}.example.net`;
      const recipients = [`t${made++}@example.org`];
      const id = queuedAs(await smtp.message(sender, recipients, body(sender, dice.pick(words), dice)));
      if (id) state.accepted.push({ id, account, sender, recipients, client });
      else state.refused += 1;
      await pause(150);
    }
    await smtp.quit();
  };
  const work = async () => {
    while (!stopped) {
      await session().catch(() => {
        state.refused += 1;
        return pause(150);
      });
    }
  };
  const done = Promise.all(Array.from({ length: parallel }, work));
  return Object.assign(state, {
    stop: async () => {
      stopped = true;
      await done;
    },
  });
}

const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));
