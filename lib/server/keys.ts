import "server-only";
import { generateKeyPairSync, randomBytes } from "node:crypto";
import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, writeSync } from "node:fs";
import { join } from "node:path";
import { ApiError } from "../api/errors";
import { insertMadeKey, madeKeyRow } from "../store/state/made-keys";
import { audit } from "./audit";
import { env } from "./env";
import { opensshEd25519 } from "./keys-openssh";
import { state } from "./state";

/** Makes an ed25519 key pair for SSH: the private half to `DATA/keys/ID` (0600), the public half answered. */
export async function makeKey(by: string): Promise<{ id: string; publicKey: string }> {
  const id = randomBytes(6).toString("hex");
  const jwk = generateKeyPairSync("ed25519").privateKey.export({ format: "jwk" });
  const seed = Buffer.from(jwk.d ?? "", "base64url");
  const { privateKey, publicKey } = opensshEd25519(seed, Buffer.from(jwk.x ?? "", "base64url"), `sluice-${id}`);
  await audit(by, null, "SSH key made", { id, publicKey });
  const file = keyFile(id);
  mkdirSync(join(file, ".."), { recursive: true, mode: 0o700 });
  const opened = openSync(file, "wx", 0o600);
  writeSync(opened, privateKey);
  fsyncSync(opened);
  closeSync(opened);
  insertMadeKey(state(), { id, public_key: publicKey, made_at: Date.now(), made_by: by });
  return { id, publicKey };
}

/** Path of the private half. Throws ApiError not_found where Sluice made no such key, or its file is gone. */
export function madeKeyPath(id: string): string {
  const row = madeKeyRow(state(), id);
  if (!row || !existsSync(keyFile(row.id)))
    throw new ApiError("not_found", "This SSH key is no longer in Sluice's data folder: make a new one for the host.");
  return keyFile(row.id);
}

const keyFile = (id: string) => join(env().dataDir, "keys", id);
