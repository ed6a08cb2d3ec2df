import { binary, decodeBase64, decodeCharset, decodeQuotedPrintable, decodeWords, harmless } from "./mime";

export type ShownHeader = { name: string; value: string };
export type ShownEnvelope = {
  sender: string | null;
  arrival: number | null;
  size: number | null;
  account: string | null;
  client: string | null;
  recipients: { address: string; done: boolean }[];
  attributes: Record<string, string>;
};
export type ShownMessage = { envelope: ShownEnvelope; headers: ShownHeader[]; body: string; bodyCut: boolean };

const bodyLimit = 64 * 1024;
/** No honest message has more; a hostile one could have a hundred thousand. */
const mostHeaders = 1000;

/**
 * `postcat -beh` of one queue file (postcat(1)) as something to show. Everything in it is the sender's word; all text
 * comes out harmless. The envelope records stand before and after the message, between headings that a message can
 * fake in its body: the first is the real beginning, the last the real end. `cut`: the host sent only the start.
 */
export function readPostcat(bytes: Uint8Array, cut: boolean): ShownMessage {
  const text = binary(bytes);
  const begin = /^\*\*\* MESSAGE CONTENTS [^\n]* \*\*\*\n/m.exec(text);
  const head = begin ? text.slice(0, begin.index) : text;
  let content = begin ? text.slice(begin.index + begin[0].length) : "";
  let tail = "";
  const end = cut ? -1 : content.lastIndexOf("*** HEADER EXTRACTED ");
  if (end >= 0) {
    tail = content.slice(end);
    content = content.slice(0, end);
  }
  const { headers, body } = split(content);
  const shown = harmless(bodyText(headers, body, 0), true);
  return {
    envelope: readEnvelope(`${head}${tail}`),
    headers: headers
      .slice(0, mostHeaders)
      .map(([name, value]) => ({ name: harmless(name), value: harmless(decodeWords(value)) })),
    body: shown.slice(0, bodyLimit),
    bodyCut: cut || shown.length > bodyLimit,
  };
}

function readEnvelope(text: string): ShownEnvelope {
  const attributes: Record<string, string> = Object.create(null);
  const envelope: ShownEnvelope = {
    sender: null,
    arrival: null,
    size: null,
    account: null,
    client: null,
    recipients: [],
    attributes,
  };
  for (const raw of text.split("\n")) {
    const line = harmless(decodeCharset(raw, ""));
    const [, key = "", value = ""] = /^([a-z_]+): ?(.*)$/s.exec(line) ?? [];
    if (key === "sender") envelope.sender ??= value;
    else if (key === "recipient") envelope.recipients.push({ address: value, done: false });
    else if (key === "done_recipient") envelope.recipients.push({ address: value, done: true });
    else if (key === "message_size") envelope.size ??= number(value.trim().split(/\s+/)[0]);
    else if (key === "named_attribute") {
      const [, name = "", of = ""] = /^([^=]*)=(.*)$/s.exec(value) ?? [];
      if (name && !(name in attributes)) attributes[name] = of;
    }
  }
  envelope.account = attributes.sasl_username ?? null;
  envelope.client = attributes.client_address ?? null;
  const created = number(attributes.create_time);
  envelope.arrival = created === null ? null : created * 1000;
  return envelope;
}

const number = (text: string | undefined) => (text !== undefined && /^\d{1,15}$/.test(text) ? Number(text) : null);

type Raw = [name: string, value: string];
function split(content: string): { headers: Raw[]; body: string } {
  const headers: Raw[] = [];
  let at = 0;
  while (at < content.length) {
    const end = content.indexOf("\n", at);
    const stop = end < 0 ? content.length : end;
    const line = content.slice(at, stop).replace(/\r$/, "");
    if (line === "") return { headers, body: content.slice(stop + 1) };
    const last = headers.at(-1);
    if (/^[ \t]/.test(line) && last) last[1] += ` ${line.trim()}`;
    else {
      const colon = line.indexOf(":");
      if (colon <= 0 || /\s/.test(line.slice(0, colon).trimEnd())) return { headers, body: content.slice(at) };
      headers.push([line.slice(0, colon).trimEnd(), line.slice(colon + 1).trim()]);
    }
    at = stop + 1;
  }
  return { headers, body: "" };
}

const header = (headers: Raw[], name: string) => headers.find(([of]) => of.toLowerCase() === name)?.[1] ?? "";
const parameter = (value: string, name: string) =>
  new RegExp(`;\\s*${name}\\s*=\\s*(?:"([^"]*)"|([^\\s;]+))`, "i").exec(value)?.slice(1).find(Boolean) ?? "";

/** The text of a part: of a multipart its plain text, else its first part; markup is shown as it is written. */
function bodyText(headers: Raw[], body: string, depth: number): string {
  const type = header(headers, "content-type");
  const boundary = parameter(type, "boundary");
  if (/^\s*multipart\//i.test(type) && boundary && depth < 8) {
    const parts = partsOf(body, boundary).map(split);
    const chosen = parts.find((part) => plain(part.headers)) ?? parts[0];
    return chosen ? bodyText(chosen.headers, chosen.body, depth + 1) : body;
  }
  const coding = header(headers, "content-transfer-encoding").trim().toLowerCase();
  if (type && !/^\s*(text|multipart|message)\//i.test(type)) return `[${type.split(";")[0]?.trim()}]`;
  const bytes =
    coding === "base64" ? decodeBase64(body) : coding === "quoted-printable" ? decodeQuotedPrintable(body) : body;
  return decodeCharset(bytes, parameter(type, "charset"));
}

const plain = (headers: Raw[]) => {
  const type = header(headers, "content-type");
  return (
    (type === "" || /^\s*text\/plain/i.test(type)) && !/^\s*attachment/i.test(header(headers, "content-disposition"))
  );
};

function partsOf(body: string, boundary: string): string[] {
  const parts: string[] = [];
  let part: string[] | null = null;
  for (const line of body.split("\n")) {
    const bare = line.trimEnd();
    if (bare !== `--${boundary}` && bare !== `--${boundary}--`) part?.push(line);
    else {
      if (part) parts.push(part.join("\n"));
      part = bare.endsWith("--") && bare !== `--${boundary}` ? null : [];
      if (parts.length >= 100) return parts;
    }
  }
  if (part) parts.push(part.join("\n"));
  return parts;
}
