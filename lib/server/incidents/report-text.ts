import "server-only";
import type { AccountFacts } from "../../core/judge/facts";
import type { ReportFacts } from "./report-facts";

const iso = (ms: number) => new Date(ms).toISOString().replace(/\.\d+Z$/, "Z");
const sum = (facts: AccountFacts, of: (hour: AccountFacts["hours"][number]) => number) =>
  facts.hours.reduce((total, hour) => total + of(hour), 0);

/** Text of a log or of a person as one line that Markdown shows as it stands. Control characters become spaces. */
function plain(text: string): string {
  return text.replace(/\p{Cc}+/gu, " ").replace(/[\\`*_{}[\]<>()#+!|~&]/g, "\\$&");
}

export type MailNumbers = {
  out: number;
  recipients: number;
  delivered: number;
  bounced: number;
  deferred: number;
  refused: number;
};
export function numbersOf(facts: AccountFacts): MailNumbers {
  return {
    out: sum(facts, ({ messages }) => messages),
    recipients: sum(facts, ({ recipients }) => recipients),
    delivered: sum(facts, ({ delivered }) => delivered),
    bounced: sum(facts, ({ bounced }) => bounced),
    deferred: sum(facts, ({ deferred }) => deferred),
    refused: sum(facts, ({ rejects }) => Object.values(rejects).reduce((all, count) => all + (count ?? 0), 0)),
  };
}

/** Messages kept from going out: held, archived or set aside. One that was held and then archived counts once, as the most of each host's kinds. */
export function stopped(report: ReportFacts, host: string): number {
  const of = (kinds: string[]) =>
    report.actions
      .filter((action) => action.host === host && kinds.includes(action.kind) && action.state !== "undone")
      .reduce((total, { done }) => total + done, 0);
  return Math.max(of(["hold"]), of(["purge", "aside"]));
}

export function markdown(report: ReportFacts): string {
  const lines = [
    `# Incident: ${plain(report.account)}`,
    "",
    `Opened ${iso(report.openedAt)} by ${plain(report.openedBy)}; ${report.closedAt === null ? "still open" : `closed ${iso(report.closedAt)} by ${plain(report.closedBy ?? "")}`}.`,
    `Covers ${iso(report.from)} to ${iso(report.to)}, hosts: ${plain(report.hosts.join(", "))}. All times are UTC.`,
    "",
    "## What was found",
    "",
    ...(report.findings.length > 0 ? report.findings.map((text) => `- ${plain(text)}`) : ["Nothing by the rules."]),
    "",
    "## Mail",
    "",
    "| Host | Messages in | Recipients | Delivered | Bounced | Tries deferred | Refused | Stopped |",
    "|---|---:|---:|---:|---:|---:|---:|---:|",
    ...report.mail.map(({ host, facts }) => {
      if (!facts) return `| ${plain(host)} | log not readable | | | | | | ${stopped(report, host)} |`;
      const n = numbersOf(facts);
      return `| ${plain(host)} | ${n.out} | ${n.recipients} | ${n.delivered} | ${n.bounced} | ${n.deferred} | ${n.refused} | ${stopped(report, host)} |`;
    }),
    "",
    "## Addresses that sent",
    "",
    "| Host | Address | Country | Messages | First | Last |",
    "|---|---|---|---:|---|---|",
    ...report.mail.flatMap(({ host, facts }) =>
      (facts?.clients ?? []).map(
        (client) =>
          `| ${plain(host)} | ${plain(client.address)} | ${client.country ?? ""} | ${client.messages} | ${iso(client.firstAt)} | ${iso(client.lastAt)} |`,
      ),
    ),
    ...report.mail.flatMap(({ host, facts }) =>
      facts && facts.clientCount > facts.clients.length
        ? ["", `${plain(host)}: ${facts.clientCount - facts.clients.length} more addresses with fewer messages.`]
        : [],
    ),
    "",
    "## What happened when, and who did it",
    "",
    "| Time | Host | Who | What |",
    "|---|---|---|---|",
    ...report.events.map(
      ({ at, host, by, what }) => `| ${iso(at)} | ${plain(host ?? "")} | ${plain(by)} | ${plain(what)} |`,
    ),
    "",
  ];
  return lines.join("\n");
}

/** RFC 4180; a cell that a spreadsheet would take for a formula begins with an apostrophe. */
function cell(value: string | number | null): string {
  let text = String(value ?? "").replace(/\p{Cc}+/gu, " ");
  if (typeof value === "string" && /^[=+\-@]/.test(text)) text = `'${text}`;
  return /[",]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

export function csv(report: ReportFacts): string {
  const rows: (string | number | null)[][] = [
    ["part", "time", "until", "host", "who", "what", "address", "country", "count"],
  ];
  for (const text of report.findings) rows.push(["finding", "", "", "", "Sluice", text, "", "", ""]);
  for (const { host, facts } of report.mail) {
    if (facts)
      for (const [what, count] of Object.entries(numbersOf(facts)))
        rows.push([
          "mail",
          iso(report.from),
          iso(report.to),
          host,
          "",
          what === "out" ? "messages" : what,
          "",
          "",
          count,
        ]);
    rows.push(["mail", iso(report.from), iso(report.to), host, "", "stopped", "", "", stopped(report, host)]);
    for (const client of facts?.clients ?? [])
      rows.push([
        "address",
        iso(client.firstAt),
        iso(client.lastAt),
        host,
        "",
        "sent",
        client.address,
        client.country,
        client.messages,
      ]);
  }
  for (const { at, host, by, what } of report.events) rows.push(["event", iso(at), "", host, by, what, "", "", ""]);
  return rows.map((row) => `${row.map(cell).join(",")}\r\n`).join("");
}
