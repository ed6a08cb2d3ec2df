import "server-only";
import { randomBytes } from "node:crypto";

/** An SSH string: length in four bytes, then the bytes (RFC 4251, section 5). */
function text(value: Buffer | string): Buffer {
  const bytes = Buffer.from(value as string);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  return Buffer.concat([length, bytes]);
}

/**
 * A pair as ssh-keygen writes it, without a passphrase (OpenSSH's PROTOCOL.key; ed25519 blobs: RFC 8709). `seed` and
 * `point` are the 32-byte halves of RFC 8032; `comment` is plain ASCII.
 */
export function opensshEd25519(seed: Buffer, point: Buffer, comment: string) {
  const type = "ssh-ed25519";
  const blob = Buffer.concat([text(type), text(point)]);
  const check = randomBytes(4);
  const inner = Buffer.concat([check, check, blob, text(Buffer.concat([seed, point])), text(comment)]);
  // Padded to the cipher's block, eight bytes for "none", with 1, 2, 3 …
  const padding = Buffer.from(Array.from({ length: (8 - (inner.length % 8)) % 8 }, (_, n) => n + 1));
  const one = Buffer.from([0, 0, 0, 1]);
  const whole = Buffer.concat([
    Buffer.from("openssh-key-v1\0"),
    text("none"),
    text("none"),
    text(""),
    one,
    text(blob),
    text(Buffer.concat([inner, padding])),
  ]);
  const lines = whole.toString("base64").match(/.{1,70}/g) ?? [];
  return {
    privateKey: `-----BEGIN OPENSSH PRIVATE KEY-----\n${lines.join("\n")}\n-----END OPENSSH PRIVATE KEY-----\n`,
    publicKey: `${type} ${blob.toString("base64")} ${comment}`,
  };
}
