import { parseLogin } from "./parse-login";
import { isKnownProse } from "./parse-prose";
import { isVerdict, parseReject } from "./parse-reject";
import type { Parsed } from "./parsed";
import { addressEnd, idLength, integerAt, PeerReader } from "./scan";

export const silent: Parsed = { kind: "silent" };
export const unknown: Parsed = { kind: "unknown" };

const peer = new PeerReader();

/** One message of a Postfix daemon. `daemon` is the last word of the program: `smtpd`, `qmgr`. */
export function parsePostfix(text: string, daemon: string): Parsed {
  const length = idLength(text);
  if (length > 0) return parseQueued(text, length);
  switch (text.charCodeAt(0)) {
    case 99: // c
      if (text.startsWith("connect from ")) {
        if (daemon !== "smtpd" && daemon !== "qmqpd") return silent;
        if (!peer.read(text, 13) || peer.end !== text.length) return unknown;
        return { kind: "connect", name: peer.name, address: peer.address };
      }
      if (text.startsWith("connect to ")) return notice("info", null, text);
      break;
    case 100: // d
      if (text.startsWith("disconnect from ")) return parseDisconnect(text);
      break;
    case 108: // l
      if (text.startsWith("lost connection after ")) return parseLost(text, "lost connection after ");
      break;
    case 116: // t
      if (text.startsWith("timeout after ")) return parseLost(text, "timeout after ");
      if (text.startsWith("too many errors after ")) return parseLost(text, "too many errors after ");
      if (text.startsWith("to=<")) return parseDelivery(text, "", 0);
      break;
    case 119: // w
      if (text.startsWith("warning: ")) return parseWarning(text);
      break;
    case 101:
      if (text.startsWith("error: ")) return notice("error", null, text.slice(7));
      break;
    case 102:
      if (text.startsWith("fatal: ")) return notice("fatal", null, text.slice(7));
      if (text.startsWith("from=")) return parseFrom(text, "", 0);
      break;
    case 112:
      if (text.startsWith("panic: ")) return notice("panic", null, text.slice(7));
      break;
    case 78: // N
      if (text.startsWith("NOQUEUE: ")) return parseUnqueued(text);
      break;
    case 109:
      if (text.startsWith("message repeated ")) return silent;
      break;
  }
  const reject = isVerdict(text, 0) ? parseReject(text, 0, null) : null;
  if (reject !== null) return reject;
  if (isKnownProse(text))
    return daemon === "master" || daemon === "postfix-script" ? notice("info", null, text) : silent;
  return unknown;
}

function notice(level: "info" | "warning" | "error" | "fatal" | "panic", id: string | null, text: string): Parsed {
  return { kind: "notice", level, id, text };
}

function parseUnqueued(text: string): Parsed {
  if (text.startsWith("client=", 9)) return parseClient(text, null, 16);
  if (text.startsWith("lost connection after ", 9)) return parseLost(text.slice(9), "lost connection after ");
  const reject = parseReject(text, 9, null);
  if (reject !== null) return reject;
  return idLength(text) === 0 && !text.startsWith("NOQUEUE: ", 9) ? parsePostfix(text.slice(9), "smtpd") : unknown;
}

function parseQueued(text: string, length: number): Parsed {
  const id = text.slice(0, length);
  const from = length + 2;
  switch (text.charCodeAt(from)) {
    case 99: // c
      if (text.startsWith("client=", from)) return parseClient(text, id, from + 7);
      break;
    case 116: // t
      if (text.startsWith("to=", from)) return parseDelivery(text, id, from);
      break;
    case 109: // m
      if (text.startsWith("message-id=", from)) {
        return { kind: "header", id, name: "message-id", value: text.slice(from + 11) };
      }
      break;
    case 102: // f
      if (text.startsWith("from=", from)) return parseFrom(text, id, from);
      if (text.startsWith("force-expired", from)) return end(id, "expired", text.slice(from));
      break;
    case 114: // r
      if (text.length === from + 7 && text.startsWith("removed", from)) return end(id, "removed", "");
      if (text.startsWith("requeued", from)) return end(id, "requeued", "");
      if (text.startsWith("released from hold", from)) return end(id, "released", "");
      if (text.startsWith("resent-message-id=", from)) {
        return { kind: "header", id, name: "resent-message-id", value: text.slice(from + 18) };
      }
      break;
    case 112: // p
      if (text.startsWith("placed on hold", from)) return end(id, "held", "");
      if (text.startsWith("postmaster ", from)) return parseBounce(text, id, from);
      break;
    case 101:
      if (text.startsWith("expired", from)) return end(id, "expired", "");
      break;
    case 115: // s
      if (text.startsWith("sender ", from)) return parseBounce(text, id, from);
      if (text.startsWith("skipped, ", from)) return notice("info", id, text.slice(from));
      if (text.startsWith("status=", from)) return notice("info", id, text.slice(from));
      break;
    case 117: // u
      if (text.startsWith("uid=", from)) return parsePickup(text, id, from);
      break;
  }
  if (isVerdict(text, from)) {
    const reject = parseReject(text, from, id);
    if (reject !== null) return reject;
  }
  if (text.startsWith("warning: ", from)) return notice("warning", id, text.slice(from + 9));
  for (const beginning of aboutMessage)
    if (text.startsWith(beginning, from)) return notice("info", id, text.slice(from));
  return unknown;
}

/** What delivery agents and smtpd say of a message besides its outcome. */
const aboutMessage = [
  "host ",
  "lost connection with ",
  "conversation with ",
  "enabling PIX ",
  "SASL ",
  "Cannot start TLS",
  "TLS ",
  "passing ",
  "breaking line ",
  "replacing ",
  "lost connection after ",
  "connect to ",
  "queue file ",
  "size limit",
  "filter",
  "flush",
  "milter",
  "Host offered STARTTLS",
  "using ",
  "copying ",
  "proxy-",
  "redirecting ",
  "converted ",
  "certificate verification failed ",
  "smtputf8 ",
  "SMTPUTF8 ",
  "message has been queued for ",
  "info: ",
  "improper command pipelining ",
  "timeout after ",
  "error: ",
  "fatal: ",
];

function end(id: string, how: "removed" | "expired" | "held" | "released" | "requeued", detail: string): Parsed {
  return { kind: "end", id, how, detail };
}

function parseClient(text: string, id: string | null, from: number): Parsed {
  if (!peer.read(text, from)) return unknown;
  const { name, address } = peer;
  let method: string | null = null;
  let account: string | null = null;
  let saslSender: string | null = null;
  let originId: string | null = null;
  let originClient: string | null = null;
  let p = peer.end;
  while (p < text.length) {
    if (text.charCodeAt(p) !== 44) return unknown;
    p += 2;
    if (text.startsWith("sasl_username=", p)) {
      let stop = text.indexOf(", sasl_sender=", p);
      if (stop < 0) stop = text.indexOf(", orig_queue_id=", p);
      if (stop < 0) stop = text.indexOf(", orig_client=", p);
      if (stop < 0) stop = text.length;
      account = text.slice(p + 14, stop);
      p = stop;
      continue;
    }
    let stop = text.indexOf(", ", p);
    if (stop < 0) stop = text.length;
    if (text.startsWith("sasl_method=", p)) method = text.slice(p + 12, stop);
    else if (text.startsWith("sasl_sender=", p)) saslSender = bare(text.slice(p + 12, stop));
    else if (text.startsWith("orig_queue_id=", p)) originId = text.slice(p + 14, stop);
    else if (text.startsWith("orig_client=", p)) originClient = text.slice(p + 12, stop);
    p = stop;
  }
  return { kind: "client", id, name, address, method, account, saslSender, originId, originClient };
}

function bare(text: string): string {
  return text.startsWith("<") && text.endsWith(">") ? text.slice(1, -1) : text;
}

function parseDisconnect(text: string): Parsed {
  if (!peer.read(text, 16)) return unknown;
  const { name, address, end } = peer;
  const commands = end < text.length ? text.slice(end + 1) : "";
  let authOk = 0;
  let authTried = 0;
  const auth = text.indexOf(" auth=", end);
  if (auth >= 0) {
    authOk = integerAt(text, auth + 6);
    const slash = auth + 6 + String(authOk).length;
    authTried = text.charCodeAt(slash) === 47 ? integerAt(text, slash + 1) : authOk;
    if (Number.isNaN(authOk) || Number.isNaN(authTried)) return unknown;
  }
  return { kind: "disconnect", name, address, authOk, authTried, commands };
}

function parseLost(text: string, beginning: string): Parsed {
  const from = text.indexOf(" from ", beginning.length);
  if (from < 0 || !peer.read(text, from + 6)) return unknown;
  return { kind: "lost", how: text.slice(0, from), name: peer.name, address: peer.address };
}

function parsePickup(text: string, id: string, from: number): Parsed {
  const space = text.indexOf(" from=<", from);
  if (space < 0) return unknown;
  const close = addressEnd(text, space + 6);
  if (close < 0) return unknown;
  const origin = text.indexOf("orig_id=", close);
  return {
    kind: "pickup",
    id,
    uid: text.slice(from + 4, space),
    sender: text.slice(space + 7, close),
    originId: origin < 0 ? null : text.slice(origin + 8),
  };
}

/** qmgr: `from=<…>, size=…, nrcpt=… (queue active)` or `from=<…>, status=expired, returned to sender`. */
function parseFrom(text: string, id: string, from: number): Parsed {
  const size = text.lastIndexOf(", size=");
  if (size > 0) {
    const bytes = integerAt(text, size + 7);
    const nrcpt = text.indexOf(", nrcpt=", size);
    const recipients = nrcpt < 0 ? Number.NaN : integerAt(text, nrcpt + 8);
    if (Number.isNaN(bytes) || Number.isNaN(recipients)) return unknown;
    return { kind: "envelope", id, sender: bare(text.slice(from + 5, size)), size: bytes, recipients };
  }
  const status = text.lastIndexOf(", status=");
  if (status < 0) return unknown;
  return { kind: "end", id, how: "expired", detail: text.slice(status + 9) };
}

function parseBounce(text: string, id: string, from: number): Parsed {
  const colon = text.indexOf("notification: ", from);
  if (colon < 0) return unknown;
  return { kind: "end", id, how: "notified", detail: text.slice(from) };
}

function parseDelivery(text: string, id: string, from: number): Parsed {
  let p = from + 3;
  let close: number;
  let recipient: string;
  if (text.charCodeAt(p) === 60) {
    close = addressEnd(text, p);
    if (close < 0) return unknown;
    recipient = text.slice(p + 1, close);
    p = close + 1;
  } else {
    close = text.indexOf(", ", p);
    if (close < 0) return unknown;
    recipient = text.slice(p, close);
    p = close;
  }
  let originalRecipient: string | null = null;
  let relay: string | null = null;
  let delay: number | null = null;
  let dsn: string | null = null;
  while (p < text.length) {
    if (text.charCodeAt(p) !== 44) return unknown;
    p++;
    while (text.charCodeAt(p) === 32) p++;
    if (text.startsWith("status=", p)) {
      const space = text.indexOf(" ", p);
      const status = space < 0 ? text.slice(p + 7) : text.slice(p + 7, space);
      if (status === "") return unknown;
      let reason = "";
      if (space >= 0) {
        const paren = text.charCodeAt(space + 1) === 40;
        let stop = text.length;
        if (paren && text.charCodeAt(stop - 1) === 41) stop--;
        reason = text.slice(paren ? space + 2 : space + 1, stop);
      }
      return { kind: "delivery", id, recipient, originalRecipient, relay, delay, dsn, status, reason };
    }
    if (text.startsWith("orig_to=", p)) {
      if (text.charCodeAt(p + 8) === 60) {
        const stop = addressEnd(text, p + 8);
        if (stop < 0) return unknown;
        originalRecipient = text.slice(p + 9, stop);
        p = stop + 1;
      } else {
        const stop = text.indexOf(", ", p);
        if (stop < 0) return unknown;
        originalRecipient = text.slice(p + 8, stop);
        p = stop;
      }
      continue;
    }
    const stop = text.indexOf(", ", p);
    if (stop < 0) return unknown;
    if (text.startsWith("relay=", p)) relay = text.slice(p + 6, stop);
    else if (text.startsWith("delay=", p)) delay = Number(text.slice(p + 6, stop));
    else if (text.startsWith("dsn=", p)) dsn = text.slice(p + 4, stop);
    else if (text.indexOf("=", p) < 0 || text.indexOf("=", p) > stop) return unknown;
    p = stop;
  }
  return unknown;
}

function parseWarning(text: string): Parsed {
  const sasl = text.indexOf("]: SASL ");
  if (sasl > 0 || text.indexOf(": SASL ") > 0) {
    const login = parseLogin(text);
    if (login !== null) return login;
  }
  if (text.startsWith("header ", 9)) {
    const reject = parseReject(text, 0, null);
    if (reject !== null) return reject;
  }
  return notice("warning", null, text.slice(9));
}
