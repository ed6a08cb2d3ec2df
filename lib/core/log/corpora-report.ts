/**
 * Runs the parser over real lines that other projects collected, when they stand beside the repository in
 * ../shared/corpora: `npx tsx lib/core/log/corpora-report.ts [-v]`. Prints shares; `-v` lists what was missed.
 */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import type { LogRecord } from "../log-record";
import { fixedZone } from "./clock";
import { parsePostfix } from "./parse";
import type { Parsed } from "./parsed";
import { LogReader } from "./reader";

const root = path.resolve(process.cwd(), "../shared/corpora");
const verbose = process.argv.includes("-v");
const misses: string[] = [];

type Share = { lines: number; read: number; fields: number; equal: number };

function share(): Share {
  return { lines: 0, read: 0, fields: 0, equal: 0 };
}

function miss(where: string, text: string): void {
  misses.push(`${where}: ${text}`);
}

/** Lines with their head. Lines that are not Postfix and not logins do not count. */
function wholeLines(folder: string, file: string, out: Share): void {
  for (const line of readFileSync(path.join(root, folder, file), "utf8").split("\n")) {
    if (line === "" || line.startsWith("#")) continue;
    const reader = new LogReader({ file: 1, offset: 0, zone: fixedZone(0), notAfter: Date.UTC(2005, 7, 14, 12) });
    reader.feed(Buffer.from(`${line}\n`), () => {});
    const { foreign, unknown } = reader.counts;
    if (foreign > 0) continue;
    out.lines++;
    if (unknown === 0) out.read++;
    else miss(folder, line);
  }
}

function message(folder: string, text: string, daemon: string, out: Share): Parsed {
  const parsed = parsePostfix(text, daemon);
  out.lines++;
  if (parsed.kind === "unknown") miss(folder, text);
  else out.read++;
  return parsed;
}

function compare(folder: string, what: string, got: unknown, want: unknown, out: Share): void {
  out.fields++;
  if (String(got) === String(want)) out.equal++;
  else miss(folder, `${what}: got ${JSON.stringify(got)}, expected ${JSON.stringify(want)}`);
}

function json<T>(folder: string, file: string): T {
  return JSON.parse(readFileSync(path.join(root, folder, file), "utf8")) as T;
}

/** Fields of ours under the corpus's names; undefined where the record has no such field. */
function field(parsed: Parsed, key: string): unknown {
  const p = parsed as Record<string, unknown>;
  switch (key) {
    case "postfix_queueid":
    case "qid":
    case "postfix.qid":
      return p.id;
    case "postfix_client_hostname":
    case "postfix.client.hostname":
      return p.kind === "header" ? undefined : p.name;
    case "postfix_client_ip":
    case "postfix.client.ip":
      return p.address;
    case "postfix_status":
      return p.status;
    case "postfix_status_code":
    case "postfix.result.code":
      return p.code;
    case "postfix_status_code_enhanced":
    case "postfix.result.dsn":
    case "dsn":
      return p.dsn;
    case "postfix_message-id":
    case "message-id":
    case "resent-message-id":
      return p.kind === "header" && typeof p.value === "string" ? p.value.replace(/^<|>$/g, "") : undefined;
    case "postfix.header.value":
      return p.value;
    case "postfix.header.name":
      return p.kind === "header" ? p.name : undefined;
    case "to":
    case "postfix.to":
    case "postfix.recipient2":
      return p.recipient;
    case "orig_to":
    case "postfix.orig_to":
      return p.originalRecipient;
    case "relay":
    case "postfix.relay":
      return p.relay;
    case "delay":
    case "postfix.delay":
      return p.delay;
    case "postfix.sender":
      return p.sender;
    case "size":
      return p.size;
    case "nrcpt":
      return p.recipients;
    case "uid":
    case "postfix.uid":
      return p.uid;
    case "from":
    case "postfix_from":
      return p.sender;
    case "postfix.helo":
      return p.helo;
    case "postfix_smtp_stage":
      return p.stage;
    case "postfix.status":
      return p.kind === "delivery" ? p.status : p.detail;
    case "postfix.statusmsg":
      return p.reason;
    case "postfix.result.msg":
      return String(p.reason).replace(/^<[^>]*>: /, "");
    default:
      return undefined;
  }
}

const folders: Record<string, (out: Share) => void> = {
  whyscream(out) {
    type Case = { program_guess: string; data: string; expected: Record<string, unknown> };
    const parts = new Set(["command_counter_data", "delays", "tls_features", "relay"]);
    for (const { program_guess, data, expected } of json<Case[]>("whyscream", "expected.json")) {
      if (parts.has(program_guess)) continue;
      const daemon = program_guess.replace("_", "-");
      const parsed = message("whyscream", data, daemon, out);
      for (const [key, want] of Object.entries(expected)) {
        const got = field(parsed, key);
        if (got !== undefined && got !== null) compare("whyscream", `${key} of ${data}`, got, want, out);
      }
    }
  },
  msimerson(out) {
    type Case = { line: string; type?: string; obj: Record<string, unknown> | null };
    const all = json<{ syslogLines: Case[]; postfixLines: Case[] }>("msimerson", "expected.json");
    for (const { line, type, obj } of all.postfixLines) {
      if (obj === null || type === undefined || /^[A-Z][a-z]{2} /.test(line)) continue;
      const parsed = message("msimerson", line, type.replace("postfix/", ""), out);
      for (const [key, want] of Object.entries(obj)) {
        const got = field(parsed, key);
        if (got !== undefined && got !== null && got !== "") compare("msimerson", `${key} of ${line}`, got, want, out);
      }
    }
    wholeLines("msimerson", "syslog_lines.log", out);
  },
  logwatch(out) {
    type Case = { service_code: string; NQ: string; message: string };
    const names: Record<string, string> = { sd: "smtpd", s: "smtp", c: "cleanup", b: "bounce", q: "qmgr", m: "master" };
    for (const { service_code, NQ, message: text } of json<Case[]>("logwatch", "messages_TD.json")) {
      const prefix = NQ === "Q" ? "4F9D195432C: " : NQ === "N" ? "NOQUEUE: " : "";
      message("logwatch", prefix + text.trim(), names[service_code] ?? "smtpd", out);
    }
  },
  "balabit-patterndb"(out) {
    type Case = { program: string; message: string; expected: Record<string, unknown> };
    for (const { program, message: text, expected } of json<Case[]>("balabit-patterndb", "expected.json")) {
      if (!program.startsWith("postfix/")) continue;
      const parsed = message("balabit-patterndb", text, program.slice(8), out);
      for (const [key, want] of Object.entries(expected)) {
        const got = field(parsed, key);
        if (got !== undefined && got !== null) compare("balabit-patterndb", `${key} of ${text}`, got, want, out);
      }
    }
  },
  fail2ban(out) {
    type Case = {
      file: string;
      line: string;
      failJSON: { time: string; match: boolean; host?: string; user?: string };
    };
    for (const { file, line, failJSON } of json<Case[]>("fail2ban", "expected.json")) {
      if (file === "sieve") continue;
      const notAfter = Date.UTC(2005, 7, 14, 12);
      const reader = new LogReader({ file: 1, offset: 0, zone: fixedZone(0), notAfter });
      const found: LogRecord[] = [];
      reader.feed(Buffer.from(`${line}\n`), (record) => found.push(record));
      out.lines++;
      if (reader.counts.unknown === 0 && reader.counts.foreign === 0) out.read++;
      else miss("fail2ban", line);
      const at = reader.lastAt;
      if (/^[A-Z]/.test(line) && at !== null && failJSON?.time) {
        compare(
          "fail2ban",
          `time of ${line}`,
          new Date(at).toISOString().slice(5, 19),
          failJSON.time.slice(5, 19),
          out,
        );
      }
      const record = found[0];
      if (!failJSON?.match || record === undefined) continue;
      const address = "clientAddress" in record ? record.clientAddress : undefined;
      if (failJSON.host && address) compare("fail2ban", `host of ${line}`, address, failJSON.host, out);
      if (failJSON.user !== undefined && record.kind === "login" && record.account !== null) {
        compare("fail2ban", `user of ${line}`, record.account, failJSON.user, out);
      }
    }
  },
  crowdsec: (out) => {
    for (const file of readdirSync(path.join(root, "crowdsec"))) {
      if (file.endsWith(".log")) wholeLines("crowdsec", file, out);
    }
  },
  "kumina-exporter": (out) => wholeLines("kumina-exporter", "exporter_test.log", out),
  "sergeymakinen-exporter": (out) => wholeLines("sergeymakinen-exporter", "mail.log", out),
  "postfix-docs": (out) => wholeLines("postfix-docs", "readme_examples.log", out),
  "zimbra-tui": (out) => wholeLines("zimbra-tui", "zimbra_log_outcomes.log", out),
};

if (!existsSync(root)) {
  console.log(`There is no ${path.basename(root)} folder beside the repository's parent: nothing to report.`);
} else {
  const sum = share();
  for (const [name, run] of Object.entries(folders)) {
    if (!existsSync(path.join(root, name))) continue;
    const out = share();
    run(out);
    for (const key of ["lines", "read", "fields", "equal"] as const) sum[key] += out[key];
    print(name, out);
  }
  print("all", sum);
  if (verbose) for (const text of misses) console.log(text.slice(0, 260));
}

function print(name: string, { lines, read, fields, equal }: Share): void {
  const percent = lines === 0 ? 100 : (100 * read) / lines;
  console.log(
    `${name.padEnd(24)} ${read}/${lines} lines understood (${percent.toFixed(1)} %), ${equal}/${fields} fields equal`,
  );
}
