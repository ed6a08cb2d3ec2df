import type { Parsed } from "./parsed";
import { PeerReader } from "./scan";

const peer = new PeerReader();
const faults = [
  "Connection lost to authentication server",
  "generic failure",
  "no mechanism available",
  "Temporary authentication failure",
  "Internal authentication",
  "timed out",
];

/** `warning: NAME[ADDRESS]: SASL METHOD authentication failed: REASON[, sasl_username=WHO]`; null for others. */
export function parseLogin(text: string): Parsed | null {
  if (!peer.read(text, 9)) return null;
  if (!text.startsWith(": SASL ", peer.end)) return null;
  const start = peer.end + 7;
  const failed = text.indexOf(" authentication ", start);
  if (failed < 0) return null;
  const method = text.slice(start, failed);
  let reason = text.slice(failed + 16);
  let account: string | null = null;
  const who = reason.lastIndexOf(", sasl_username=");
  if (who >= 0) {
    account = reason.slice(who + 16);
    reason = reason.slice(0, who);
  }
  for (const word of ["failed: ", "failed:", "failed", "aborted: ", "aborted"]) {
    if (reason.startsWith(word)) {
      reason = reason.slice(word.length);
      break;
    }
  }
  return {
    kind: "login",
    protocol: "smtp",
    account,
    address: peer.address,
    ok: false,
    method,
    serverFault: faults.some((fault) => reason.includes(fault)),
    reason,
    times: 1,
  };
}

const protocols = ["imap", "pop3", "submission", "managesieve", "sieve"];

/** Dovecot's lines about logins; null for its others. `auth` lines tell the same failure as the login process's. */
export function parseDovecot(program: string, message: string): Parsed | null {
  let text = message;
  let service = program;
  if (program === "dovecot") {
    const colon = text.indexOf(": ");
    if (colon < 0) return null;
    service = text.slice(0, colon);
    text = text.slice(colon + 2);
    if (service === "dovecot") return parseDovecot("dovecot", text);
  }
  if (text.startsWith("Info: ")) text = text.slice(6);
  if (service.endsWith("-login")) {
    const protocol = service.slice(0, -6);
    return protocols.includes(protocol) ? loginProcess(protocol, text) : null;
  }
  if (service.startsWith("auth") || service === "dovecot-auth") return authServer(text, service);
  return null;
}

function field(text: string, key: string): string | null {
  const at = text.indexOf(key);
  if (at < 0) return null;
  let start = at + key.length;
  if (text.charCodeAt(start) === 60) {
    start++;
    const close = text.indexOf(">", start);
    return close < 0 ? null : text.slice(start, close);
  }
  const comma = text.indexOf(",", start);
  return comma < 0 ? text.slice(start) : text.slice(start, comma);
}

function loginProcess(protocol: string, text: string): Parsed | null {
  const ok = text.startsWith("Login: ") || text.startsWith("proxy(");
  const failed = text.indexOf("(auth failed, ");
  const proxy = text.indexOf("(proxy dest auth failed)");
  const plain = text.indexOf("(tried to use dis");
  if (!ok && failed < 0 && proxy < 0 && plain < 0) return { kind: "silent" };
  const open = text.indexOf("(");
  const close = text.indexOf("):");
  const account = field(text, "user=");
  const tries = failed < 0 ? 1 : Number.parseInt(text.slice(failed + 14), 10);
  return {
    kind: "login",
    protocol,
    account: account === "" ? null : account,
    address: field(text, "rip="),
    ok,
    method: field(text, "method="),
    serverFault: false,
    reason: ok ? "" : text.slice(open < 0 ? 0 : open + 1, close < 0 ? text.length : close),
    times: tries > 0 ? tries : 1,
  };
}

/** `pam(user,192.0.2.1,<session>): reason`, after any `conn unix:…: auth-worker<N>: `. */
function authServer(text: string, service: string): Parsed | null {
  let p = 0;
  if (text.startsWith("pam_unix(")) {
    const rhost = text.lastIndexOf("rhost=");
    const ruser = text.indexOf("ruser=");
    if (rhost < 0 || !text.includes("authentication failure")) return { kind: "silent" };
    const space = text.indexOf(" ", rhost);
    const user = ruser < 0 ? null : text.slice(ruser + 6, rhost).trim();
    return failure(user === "" ? null : user, text.slice(rhost + 6, space < 0 ? text.length : space), text);
  }
  const worker = text.indexOf("auth-worker<");
  if (worker >= 0) {
    const colon = text.indexOf(": ", worker);
    if (colon >= 0) p = colon + 2;
  }
  const inService = service.startsWith("auth(");
  const source = inService ? service : text;
  const open = source.indexOf("(", inService ? 0 : p);
  const close = source.indexOf(")", open);
  if (open < 0 || close < 0) return { kind: "silent" };
  const who = source.slice(open + 1, close).split(",");
  const address = who[1] ?? "";
  if (who.length < 2 || address.indexOf(".") + address.indexOf(":") < -1) return { kind: "silent" };
  const reason = inService ? text : text.slice(text.indexOf(": ", close) + 2);
  const lower = reason.toLowerCase();
  if (
    !lower.includes("unknown user") &&
    !lower.includes("mismatch") &&
    !lower.includes("failed") &&
    !lower.includes("invalid credentials")
  ) {
    return { kind: "silent" };
  }
  // The password that was tried can stand in the line.
  const given = reason.search(/ \((SHA1 of )?given password/);
  return failure(who[0] ?? null, address, given < 0 ? reason : reason.slice(0, given));
}

function failure(account: string | null, address: string, reason: string): Parsed {
  return {
    kind: "login",
    protocol: "auth",
    account,
    address,
    ok: false,
    method: null,
    serverFault: reason.includes("Permission denied"),
    reason,
    times: 1,
  };
}
