/** Log text as Postfix 3.7 writes it under traditional syslog times, for tests. One message in each 8 lines, seeded by i. */
export function sampleLog(from: number, messages: number, step: number, first = 0): string {
  const lines: string[] = [];
  for (let k = 0; k < messages; k++) {
    const i = first + k;
    const at = from + k * step;
    const stamp = new Date(at).toUTCString();
    const [, day = "", month = "", , clock = ""] = stamp.split(/[ ,]+/);
    const head = `${month} ${String(Number(day)).padStart(2)} ${clock} mx`;
    const id = (0x1000000000 + i * 7919).toString(16).toUpperCase();
    const user = i % 5 === 0 ? "stolen@example.com" : `user${i % 7}@example.com`;
    const client = i % 5 === 0 ? `203.0.${(i * 13) % 256}.${i % 250}` : `192.0.2.${i % 7}`;
    const sender = i % 5 === 0 ? `x${i}@forged.example` : user;
    const pid = 2000 + (i % 50);
    lines.push(
      `${head} postfix/submission/smtpd[${pid}]: connect from unknown[${client}]`,
      `${head} postfix/submission/smtpd[${pid}]: ${id}: client=unknown[${client}], sasl_method=PLAIN, sasl_username=${user}`,
      `${head} postfix/cleanup[900]: ${id}: message-id=<${i}@example.com>`,
      `${head} postfix/qmgr[800]: ${id}: from=<${sender}>, size=1000, nrcpt=1 (queue active)`,
      `${head} postfix/submission/smtpd[${pid}]: disconnect from unknown[${client}] ehlo=1 auth=1 mail=1 rcpt=1 data=1 quit=1 commands=6`,
      `${head} postfix/smtp[700]: ${id}: to=<r${i}@there.example>, relay=mx.there.example[198.51.100.1]:25, delay=0.5, delays=0.1/0/0.2/0.2, dsn=2.0.0, status=sent (250 2.0.0 Ok: queued as ABC${i})`,
      `${head} postfix/qmgr[800]: ${id}: removed`,
      ...(i % 4 === 0
        ? [
            `${head} postfix/submission/smtpd[${pid}]: warning: unknown[${client}]: SASL LOGIN authentication failed: UGFzc3dvcmQ6, sasl_username=${user}`,
          ]
        : []),
    );
  }
  return lines.map((line) => `${line}\n`).join("");
}

/** What `grep -c 'sasl_username=ACCOUNT'` on lines with a queue id counts: by text, not by the reader. */
export function grepMessages(text: string): Map<string, number> {
  const counts = new Map<string, number>();
  for (const line of text.split("\n")) {
    const found = /\]: [0-9A-F]{6,}: client=.*sasl_username=([^,\s]+)/.exec(line);
    if (found?.[1]) counts.set(found[1], (counts.get(found[1]) ?? 0) + 1);
  }
  return counts;
}
