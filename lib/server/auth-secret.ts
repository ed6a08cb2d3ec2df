import "server-only";
import { randomBytes } from "node:crypto";
import { closeSync, fsyncSync, linkSync, mkdirSync, openSync, readFileSync, rmSync, writeSync } from "node:fs";
import { join } from "node:path";

/** The secret that signs cookies: 32 random bytes in `DATA/secret` (0600), made once. Throws where it is not whole. */
export function authSecret(dataDir: string): string {
  const file = join(dataDir, "secret");
  try {
    return checked(file, readFileSync(file, "utf8"));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
  }
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const draft = `${file}.${process.pid}`;
  const opened = openSync(draft, "wx", 0o600);
  writeSync(opened, randomBytes(32).toString("base64url"));
  fsyncSync(opened);
  closeSync(opened);
  try {
    // A link never takes the place of another process's secret.
    linkSync(draft, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  } finally {
    rmSync(draft);
  }
  return checked(file, readFileSync(file, "utf8"));
}

function checked(file: string, text: string): string {
  if (/^[A-Za-z0-9_-]{43}$/.test(text.trim())) return text.trim();
  throw new Error(`${file} is not a whole secret: remove it to have a new one made (everybody signs in again).`);
}
