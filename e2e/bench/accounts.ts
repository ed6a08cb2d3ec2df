import { appendFileSync } from "node:fs";
import { join } from "node:path";
import { type Dashboard, startDashboard } from "../dashboard";
import type { MailHost } from "../mailhost/host";
import { makeLog, traditional } from "./make-log";
import { bySsh, type Figure, peakMemory, percentile, type Row, timed, waitFor } from "./measure";
import { hostLog } from "./stored";

type Account = { account: string; messages: number };

const log = "/var/log/mail.log";
const handTop = `grep -o 'sasl_username=[^,]*' ${log} | sort | uniq -c | sort -rn`;
const stolen = "stolen@example.com";

/**
 * First contact with a host that has a log of `megabytes`: the clock starts when a running dashboard is told of the
 * host, and stops when an answer holds exactly the counts that the hand has. Then new lines, drill-downs and memory.
 */
export async function benchAccounts(host: MailHost, megabytes: number): Promise<(Row | Figure)[]> {
  const path = join(host.dir, "var", log.slice(5));
  const made = makeLog(path, { bytes: megabytes * 1_000_000, end: Date.now(), name: host.name });
  await bySsh(host, `cat ${log} >/dev/null`);
  const hand = await timed(() => bySsh(host, handTop));
  const counts = new Map(
    hand.value.split("\n").flatMap((line): [string, number][] => {
      const found = /^\s*(\d+) sasl_username=(\S+)/.exec(line);
      return found ? [[found[2] ?? "", Number(found[1])]] : [];
    }),
  );
  if (!same(counts, made.accounts)) throw new Error("the hand pipeline disagrees with the log's maker");
  const cat = await timed(() => bySsh(host, `cat ${log}`, false));
  const pflogsumm = await timed(() => bySsh(host, `pflogsumm ${log}`));

  const dashboard = await startDashboard([]);
  try {
    // Signed in before the clock starts.
    await dashboard.json("GET", "/api/hosts");
    const began = process.hrtime.bigint();
    await dashboard.json("POST", "/api/hosts", {
      id: host.name,
      name: host.name,
      address: "127.0.0.1",
      port: host.sshPort,
      user: host.user,
      key: { path: host.clientKeyPath },
      hostKey: host.hostKey,
      log,
    });
    const since = () => Number(process.hrtime.bigint() - began) / 1e9;
    const ask = (from: number, limit = 5000) => accounts(dashboard, host, `from=${iso(from)}&limit=${limit}`);
    const all = made.since - 30 * 86_400_000;
    await waitFor("the last hour's accounts", async () =>
      (await ask(made.since, 1)).get(stolen) === made.recent.get(stolen) && same(await ask(made.since), made.recent)
        ? true
        : null,
    );
    const hour = since();
    // How far reading is, is asked, not counted again and again: that would be most of the work.
    let hasBegun = false;
    await waitFor(
      "the whole log",
      async () => {
        const { backfill, behindBytes } = await hostLog(dashboard, host);
        hasBegun ||= backfill !== null;
        const over = behindBytes === 0 && backfill === null && (hasBegun || since() > hour + 2);
        return over && same(await ask(all), counts) ? true : null;
      },
      { withinMs: 3_600_000, everyMs: 100 },
    );
    const whole = since();
    const again = await timed(() => ask(all, 10));
    const views: number[] = [];
    for (const account of [...made.accounts.keys()].slice(0, 20)) {
      const name = encodeURIComponent(account);
      for (const what of ["", "/sessions", "/timeline"]) {
        const view = await timed(() =>
          dashboard.json("GET", `/api/hosts/${host.name}/accounts/${name}${what}?last=all`),
        );
        views.push(view.seconds * 1000);
      }
    }
    const delays: number[] = [];
    for (let n = 0; n < 10; n += 1) {
      const account = `new${n}@example.com`;
      const line = `${traditional(Date.now())} ${host.name} postfix/submission/smtpd[77]: 4F00000${n}: client=unknown[192.0.2.1], sasl_method=PLAIN, sasl_username=${account}\n`;
      const seen = await timed(async () => {
        appendFileSync(path, line);
        await waitFor("a new line", async () =>
          (await accounts(dashboard, host, `last=1h&text=${encodeURIComponent(account)}`)).size > 0 ? true : null,
        );
      });
      delays.push(seen.seconds * 1000);
    }
    const size = `${megabytes} MB`;
    return [
      {
        what: `top accounts of the last hour, ${size} log, first contact, against grep | sort | uniq -c over the log`,
        ours: hour,
        theirs: hand.seconds,
        bound: 1,
      },
      {
        what: `top accounts of the whole ${size} log, first contact, against the same`,
        ours: whole,
        theirs: hand.seconds,
        bound: 10,
        note: `${made.lines} lines, ${made.messages} messages, all ${counts.size} accounts equal to the hand's`,
      },
      {
        what: "the same asked a second time",
        ours: again.seconds,
        theirs: hand.seconds,
        bound: 1,
        note: `${Math.round(again.seconds * 1000)} ms`,
      },
      { what: `whole ${size} log against pflogsumm`, ours: whole, theirs: pflogsumm.seconds, bound: 0.25 },
      { what: `whole ${size} log against ssh cat`, ours: whole, theirs: cat.seconds, bound: 20 },
      {
        what: "account, sessions and timeline over the whole log, 95th percentile",
        value: percentile(views, 0.95),
        unit: "ms",
        bound: 100,
        note: `median ${Math.round(percentile(views, 0.5))} ms of ${views.length}`,
      },
      {
        what: "new log line to answer, slowest of 10",
        value: Math.max(...delays),
        unit: "ms",
        bound: 1000,
        note: `median ${Math.round(percentile(delays, 0.5))} ms`,
      },
      { what: "memory of the dashboard, peak", value: peakMemory(dashboard.pid), unit: "MB", bound: 600 },
    ];
  } finally {
    await dashboard.stop();
  }
}

const iso = (ms: number) => encodeURIComponent(new Date(ms).toISOString());

/** Accounts with messages; empty while the host is not read yet. */
async function accounts(dashboard: Dashboard, host: MailHost, query: string): Promise<Map<string, number>> {
  const answer = await dashboard.call("GET", `/api/hosts/${host.name}/accounts?${query}`);
  const text = await answer.text();
  if (answer.ok) {
    const rows = JSON.parse(text) as Account[];
    return new Map(rows.filter((row) => row.messages > 0).map((row) => [row.account, row.messages]));
  }
  if (/log_unreadable|not_found/.test(text)) return new Map();
  throw new Error(`accounts: ${answer.status} ${text}`);
}

function same(a: ReadonlyMap<string, number>, b: ReadonlyMap<string, number>): boolean {
  return a.size === b.size && [...a].every(([account, messages]) => b.get(account) === messages);
}
