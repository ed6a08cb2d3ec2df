import { type Bytes, Interner, isText, textAt } from "./intern";
import type { Parsed } from "./parsed";

/** Where a second head in the line ends, perhaps (see runTogether in reader.ts). Texts without a blank hold none. */
const secondHead = "]: ";

/** One for all hosts: what is in them is only text. */
const texts = new Interner(14, 64);
const ids = new Interner(16, 20);

/**
 * The lines that make up nearly all of a busy log (connect, client, message-id, from, to, removed, disconnect in their
 * plain shape), read straight from bytes. It answers null for everything else, and for every oddity (a comma in a login, a
 * quoted address, a second head in the line): parse.ts reads those. Where it answers, it answers what parse.ts would.
 *
 * One object of each kind is used again and again: an answer holds until the next call.
 */
export class CommonLines {
  private readonly texts = texts;
  private readonly ids = ids;
  private bytes: Bytes = { buffer: Buffer.alloc(0), view: new DataView(new ArrayBuffer(0)) };
  private readonly connect = { kind: "connect" as const, name: "", address: "" };
  private readonly disconnect = {
    kind: "disconnect" as const,
    name: "",
    address: "",
    authOk: 0,
    authTried: 0,
    commands: "",
  };
  private readonly client: Extract<Parsed, { kind: "client" }> = {
    kind: "client",
    id: "",
    name: "",
    address: "",
    method: null,
    account: null,
    saslSender: null,
    originId: null,
    originClient: null,
  };
  private readonly header = { kind: "header" as const, id: "", name: "message-id", value: "" };
  private readonly envelope = { kind: "envelope" as const, id: "", sender: "", size: 0, recipients: 0 };
  private readonly removed = { kind: "end" as const, id: "", how: "removed" as const, detail: "" };
  private readonly delivery: Extract<Parsed, { kind: "delivery" }> = {
    kind: "delivery",
    id: "",
    recipient: "",
    originalRecipient: null,
    relay: null,
    delay: null,
    dsn: null,
    status: "",
    reason: "",
  };
  /** Logins that a disconnect line's commands speak of, by their text. */
  private readonly auths = new Map<string, { ok: number; tried: number }>();
  private name = "";
  private address = "";
  private peerEnd = 0;
  private number = 0;
  private numberEnd = 0;

  /** The message of a Postfix daemon, `start` to before `end`, all bytes below 0x80. */
  read(all: Bytes, start: number, end: number, daemon: string): Parsed | null {
    this.bytes = all;
    const bytes = all.buffer;
    const first = bytes[start] as number;
    if (first === 99) return daemon === "smtpd" ? this.readConnect(bytes, start, end) : null;
    if (first === 100) return this.readDisconnect(bytes, start, end);
    const idEnd = this.idEnd(bytes, start, end);
    if (idEnd < 0) return null;
    const from = idEnd + 2;
    const second = bytes[from + 1];
    switch (bytes[from]) {
      case 99: // client=
        return this.readClient(bytes, start, idEnd, end);
      case 109: // message-id=
        if (!textAt(bytes, from, end, "message-id=")) return null;
        this.header.value = bytes.toString("latin1", from + 11, end);
        if (this.header.value.includes(secondHead)) return null;
        this.header.id = this.ids.get(this.bytes, start, idEnd);
        return this.header;
      case 102: // from=<
        return this.readFrom(bytes, start, idEnd, end);
      case 114: // removed
        if (!isText(bytes, from, end, "removed")) return null;
        this.removed.id = this.ids.get(this.bytes, start, idEnd);
        return this.removed;
      case 116: // to=<
        return second === 111 ? this.readTo(bytes, start, idEnd, end) : null;
    }
    return null;
  }

  /** Where the queue id at `start` ends, `: ` following; -1 where there is none. See idLength in scan.ts. */
  private idEnd(bytes: Uint8Array, start: number, end: number): number {
    let p = start;
    let hex = true;
    let z = false;
    for (; p < end; p++) {
      const c = bytes[p] as number;
      if (c >= 48 && c <= 57) continue;
      if (c >= 65 && c <= 70) continue;
      if ((c >= 71 && c <= 90) || (c >= 97 && c <= 122)) {
        hex = false;
        if (c === 122 && p - start >= 8) z = true;
        continue;
      }
      break;
    }
    const length = p - start;
    if (length < 5 || length > 41 || !(hex || z)) return -1;
    return bytes[p] === 58 && bytes[p + 1] === 32 && p + 2 < end ? p : -1;
  }

  /** `NAME[ADDRESS]`, without port. */
  private peer(bytes: Buffer, start: number, end: number): boolean {
    let open = start;
    while (open < end && bytes[open] !== 91) {
      if (bytes[open] === 32) return false;
      open++;
    }
    let close = open + 1;
    while (close < end && bytes[close] !== 93) {
      if (bytes[close] === 32) return false;
      close++;
    }
    if (close >= end || bytes[close + 1] === 58) return false;
    this.name = this.texts.get(this.bytes, start, open);
    this.address = this.texts.get(this.bytes, open + 1, close);
    this.peerEnd = close + 1;
    return true;
  }

  private readConnect(bytes: Buffer, start: number, end: number): Parsed | null {
    if (!textAt(bytes, start, end, "connect from ")) return null;
    if (!this.peer(bytes, start + 13, end) || this.peerEnd !== end) return null;
    this.connect.name = this.name;
    this.connect.address = this.address;
    return this.connect;
  }

  private readDisconnect(bytes: Buffer, start: number, end: number): Parsed | null {
    if (!textAt(bytes, start, end, "disconnect from ") || !this.peer(bytes, start + 16, end)) return null;
    const { disconnect, peerEnd } = this;
    if (peerEnd < end && bytes[peerEnd] !== 32) return null;
    const commands = peerEnd < end ? this.texts.get(this.bytes, peerEnd + 1, end) : "";
    let auth = this.auths.get(commands);
    if (auth === undefined) {
      const at = ` ${commands}`.indexOf(" auth=");
      const found = at < 0 ? null : /^(\d{1,9})(?:\/(\d{1,9}))?(?= |$)/.exec(commands.slice(at + 5));
      // A number with a leading zero is not as Postfix writes it.
      if (commands.includes(secondHead)) return null;
      if (at >= 0 && (!found || String(Number(found[1])) !== found[1])) return null;
      const ok = found ? Number(found[1]) : 0;
      auth = { ok, tried: found?.[2] === undefined ? ok : Number(found[2]) };
      if (this.auths.size > 5000) this.auths.clear();
      this.auths.set(commands, auth);
    }
    disconnect.name = this.name;
    disconnect.address = this.address;
    disconnect.authOk = auth.ok;
    disconnect.authTried = auth.tried;
    disconnect.commands = commands;
    return disconnect;
  }

  private readClient(bytes: Buffer, start: number, idEnd: number, end: number): Parsed | null {
    if (!textAt(bytes, idEnd + 2, end, "client=") || !this.peer(bytes, idEnd + 9, end)) return null;
    const { client } = this;
    let p = this.peerEnd;
    let method: string | null = null;
    let account: string | null = null;
    if (p < end) {
      if (!textAt(bytes, p, end, ", sasl_method=")) return null;
      p += 14;
      let stop = p;
      while (stop < end && bytes[stop] !== 44 && bytes[stop] !== 32) stop++;
      method = this.texts.get(this.bytes, p, stop);
      if (!textAt(bytes, stop, end, ", sasl_username=")) return null;
      p = stop + 16;
      for (let q = p; q < end; q++) if (bytes[q] === 44) return null;
      account = this.texts.get(this.bytes, p, end);
      if (account.includes(secondHead)) return null;
    }
    client.id = this.ids.get(this.bytes, start, idEnd);
    client.name = this.name;
    client.address = this.address;
    client.method = method;
    client.account = account;
    return client;
  }

  private readFrom(bytes: Buffer, start: number, idEnd: number, end: number): Parsed | null {
    const from = idEnd + 2;
    if (!textAt(bytes, from, end, "from=<")) return null;
    let p = from + 6;
    while (p < end && bytes[p] !== 62 && bytes[p] !== 44 && bytes[p] !== 32) p++;
    if (!textAt(bytes, p, end, ">, size=")) return null;
    const close = p;
    if (!this.digits(bytes, p + 8, end)) return null;
    const size = this.number;
    p = this.numberEnd;
    if (!textAt(bytes, p, end, ", nrcpt=") || !this.digits(bytes, p + 8, end)) return null;
    if (!isText(bytes, this.numberEnd, end, " (queue active)")) return null;
    const { envelope } = this;
    envelope.id = this.ids.get(this.bytes, start, idEnd);
    envelope.sender = this.texts.get(this.bytes, from + 6, close);
    envelope.size = size;
    envelope.recipients = this.number;
    return envelope;
  }

  /** A whole number of 1 to 15 digits. */
  private digits(bytes: Uint8Array, start: number, end: number): boolean {
    let p = start;
    let value = 0;
    for (; p < end; p++) {
      const d = (bytes[p] as number) - 48;
      if (d < 0 || d > 9) break;
      value = value * 10 + d;
    }
    this.number = value;
    this.numberEnd = p;
    return p > start && p - start < 16;
  }

  private readTo(bytes: Buffer, start: number, idEnd: number, end: number): Parsed | null {
    const from = idEnd + 2;
    if (!textAt(bytes, from, end, "to=<") || bytes[from + 4] === 34) return null;
    let p = from + 4;
    while (p < end && bytes[p] !== 62 && bytes[p] !== 32) p++;
    if (bytes[p + 1] !== 44 || p + 1 >= end) return null;
    const recipientEnd = p;
    const { delivery } = this;
    delivery.relay = null;
    delivery.delay = null;
    delivery.dsn = null;
    p++;
    for (;;) {
      if (bytes[p] !== 44 || bytes[p + 1] !== 32) return null;
      p += 2;
      if (textAt(bytes, p, end, "status=")) break;
      let stop = p;
      while (stop < end && bytes[stop] !== 44 && bytes[stop] !== 32) stop++;
      if (stop >= end || bytes[stop] !== 44) return null;
      if (textAt(bytes, p, stop, "relay=")) delivery.relay = this.texts.get(this.bytes, p + 6, stop);
      else if (textAt(bytes, p, stop, "delay=")) {
        const delay = decimal(bytes, p + 6, stop);
        if (delay < 0) return null;
        delivery.delay = delay;
      } else if (textAt(bytes, p, stop, "dsn=")) delivery.dsn = this.texts.get(this.bytes, p + 4, stop);
      else if (!textAt(bytes, p, stop, "delays=") && !textAt(bytes, p, stop, "conn_use=")) return null;
      p = stop;
    }
    p += 7;
    let space = p;
    while (space < end && bytes[space] !== 32) space++;
    if (space === p || bytes[space + 1] !== 40 || bytes[end - 1] !== 41 || space + 2 >= end) return null;
    delivery.reason = bytes.toString("latin1", space + 2, end - 1);
    if (delivery.reason.includes(secondHead)) return null;
    delivery.id = this.ids.get(this.bytes, start, idEnd);
    delivery.recipient = bytes.toString("latin1", from + 4, recipientEnd);
    delivery.status = this.texts.get(this.bytes, p, space);
    return delivery;
  }
}

/** `12` or `0.25`, up to 15 digits, as Number() reads it; -1 for anything else. */
function decimal(bytes: Uint8Array, start: number, end: number): number {
  let value = 0;
  let scale = 0;
  if (end - start > 15 || start === end) return -1;
  for (let p = start; p < end; p++) {
    const c = bytes[p] as number;
    if (c >= 48 && c <= 57) {
      value = value * 10 + c - 48;
      if (scale > 0) scale *= 10;
    } else if (c === 46 && scale === 0 && p > start && p + 1 < end) scale = 1;
    else return -1;
  }
  // Both are whole and exact, so the quotient is the nearest double, as Number() gives it.
  return scale > 0 ? value / scale : value;
}
