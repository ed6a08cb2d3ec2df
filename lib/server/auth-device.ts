import "server-only";
import { createHmac, timingSafeEqual } from "node:crypto";
import { authSecret } from "./auth-secret";
import { env } from "./env";

const name = "sluice.device";
const year = 365 * 24 * 3600;
const sign = (email: string) =>
  createHmac("sha256", authSecret(env().dataDir)).update(`device of ${email}`).digest("base64url");

/**
 * A browser that has signed in before keeps this cookie. It opens nothing; failed sign-ins from elsewhere do not lock it
 * out of its login, which anybody who knows the address could do otherwise.
 */
export function deviceCookie(email: string): string {
  const value = `${Buffer.from(email).toString("base64url")}.${sign(email)}`;
  const secure = env().url.startsWith("https:") ? "; Secure" : "";
  return `${name}=${value}; Path=/api/auth; Max-Age=${year}; HttpOnly; SameSite=Lax${secure}`;
}

/** The login that signed in on the asking browser before, or null. */
export function deviceOf(request: Request): string | null {
  const found = /(?:^|; )sluice\.device=([\w-]{1,600})\.([\w-]{43})(?:;|$)/.exec(request.headers.get("cookie") ?? "");
  if (!found) return null;
  const email = Buffer.from(found[1] ?? "", "base64url").toString();
  const right = Buffer.from(sign(email));
  const given = Buffer.from(found[2] ?? "");
  return right.length === given.length && timingSafeEqual(right, given) ? email : null;
}
