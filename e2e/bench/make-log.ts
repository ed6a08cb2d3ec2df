import { closeSync, openSync, writeSync } from "node:fs";
import { chance } from "../mailhost/seeded";

export type MadeLog = {
  bytes: number;
  lines: number;
  messages: number;
  accounts: Map<string, number>;
  /** Of lines at `since` (ms) or later. */
  recent: Map<string, number>;
  since: number;
};

/**
 * Writes a Postfix log of about `bytes`, ending at `end` and reaching `hours` back: sessions of some thousand honest
 * accounts and one stolen one, interleaved over 40 processes, with their cleanup, qmgr, smtp and removal lines in the shape
 * that Postfix 3.7 writes. The same seed gives the same file. Returns what it wrote, counted while writing.
 */
export function makeLog(
  path: string,
  wanted: { bytes: number; end: number; hours?: number; seed?: number; name?: string },
): MadeLog {
  const dice = chance(wanted.seed ?? 7);
  const name = wanted.name ?? "mx1";
  const spanMs = (wanted.hours ?? 24) * 3_600_000;
  const accounts = new Map<string, number>();
  const recent = new Map<string, number>();
  const since = Math.floor(wanted.end / 1000) * 1000 - 3_600_000;
  const people = Array.from({ length: 2000 }, (_, n) => `user${n}@example.com`);
  const file = openSync(path, "w", 0o640);
  let written = 0;
  let lines = 0;
  let messages = 0;
  let chunk: string[] = [];
  let chunkBytes = 0;
  let serial = 0;
  let stamp = "";
  let at = 0;
  const put = (program: string, pid: number, text: string) => {
    const line = `${stamp} ${name} postfix/${program}[${pid}]: ${text}\n`;
    chunk.push(line);
    chunkBytes += line.length;
    lines += 1;
  };
  while (written + chunkBytes < wanted.bytes) {
    at = Math.min(wanted.end, wanted.end - spanMs + (spanMs * (written + chunkBytes)) / wanted.bytes);
    stamp = traditional(at);
    const stolen = dice.next() < 0.3;
    const account = stolen ? "stolen@example.com" : (people[Math.floor(dice.next() ** 3 * people.length)] ?? "");
    const address = stolen
      ? `185.220.${dice.int(100)}.${1 + dice.int(250)}`
      : `192.0.2.${1 + ((account.length * 7 + dice.int(3)) % 250)}`;
    const client = `unknown[${address}]`;
    const smtpd = 1000 + dice.int(40);
    put("submission/smtpd", smtpd, `connect from ${client}`);
    if (stolen && dice.next() < 0.1) {
      put(
        "submission/smtpd",
        smtpd,
        `NOQUEUE: reject: RCPT from ${client}: 550 5.1.2 <x@nosuchdomain.example>: Recipient address rejected: Domain not found; from=<f${serial}@example.net> to=<x@nosuchdomain.example> proto=ESMTP helo=<client.example>`,
      );
    }
    const count = 1 + dice.int(3);
    for (let n = 0; n < count; n += 1) {
      const id = (0x10000000000 + serial++ * 0x1003).toString(16).toUpperCase();
      const sender = stolen ? `forged${dice.int(5000)}@example.net` : account;
      put("submission/smtpd", smtpd, `${id}: client=${client}, sasl_method=PLAIN, sasl_username=${account}`);
      put("cleanup", 2000 + dice.int(20), `${id}: message-id=<${serial}.${dice.int(1e9)}@client.example>`);
      put("qmgr", 900, `${id}: from=<${sender}>, size=${600 + dice.int(9000)}, nrcpt=1 (queue active)`);
      const to = `r${dice.int(1e6)}@example.org`;
      const smtp = 3000 + dice.int(40);
      if (dice.next() < 0.85) {
        put(
          "smtp",
          smtp,
          `${id}: to=<${to}>, relay=mail.example.org[198.51.100.25]:25, delay=0.9, delays=0.1/0/0.3/0.5, dsn=2.0.0, status=sent (250 2.0.0 Ok: queued as ${id})`,
        );
        put("qmgr", 900, `${id}: removed`);
      } else {
        put(
          "smtp",
          smtp,
          `${id}: to=<${to}>, relay=none, delay=0.1, delays=0.1/0/0/0, dsn=4.4.1, status=deferred (connect to mail.example.org[198.51.100.25]:25: Connection refused)`,
        );
      }
      messages += 1;
      accounts.set(account, (accounts.get(account) ?? 0) + 1);
      if (Math.floor(at / 1000) * 1000 >= since) recent.set(account, (recent.get(account) ?? 0) + 1);
    }
    put(
      "submission/smtpd",
      smtpd,
      `disconnect from ${client} ehlo=1 auth=1 mail=${count} rcpt=${count} data=${count} quit=1 commands=${3 + 3 * count}`,
    );
    if (chunkBytes > 4_000_000) flush();
  }
  flush();
  closeSync(file);
  return { bytes: written, lines, messages, accounts, recent, since };

  function flush() {
    const text = Buffer.from(chunk.join(""), "latin1");
    // A write may take less than it was given.
    for (let done = 0; done < text.length; ) done += writeSync(file, text, done);
    written += text.length;
    chunk = [];
    chunkBytes = 0;
  }
}

const months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/** As syslog writes a time. */
export function traditional(at: number): string {
  const date = new Date(at);
  const two = (n: number) => String(n).padStart(2, "0");
  const clock = `${two(date.getUTCHours())}:${two(date.getUTCMinutes())}:${two(date.getUTCSeconds())}`;
  return `${months[date.getUTCMonth()]} ${String(date.getUTCDate()).padStart(2)} ${clock}`;
}
