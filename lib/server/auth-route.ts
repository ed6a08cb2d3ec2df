import "server-only";
import { ApiError } from "../api/errors";
import { audit } from "./audit";
import { auth, signedIn } from "./auth";
import { forgetFailures, noteFailure, tooManyFailures, worthNoting } from "./auth-attempts";
import { deviceCookie, deviceOf } from "./auth-device";
import { sameOrigin } from "./auth-origin";

/** Better Auth's endpoints that Sluice lets through, and nothing else of it; the text is what the audit trail says. */
const endpoints: Record<string, { open?: true; audited?: string }> = {
  "POST /sign-in/email": { open: true, audited: "signed in" },
  "POST /two-factor/verify-totp": { open: true, audited: "second factor given" },
  "POST /two-factor/verify-backup-code": { open: true, audited: "backup code used" },
  "POST /sign-out": { audited: "signed out" },
  "GET /get-session": {},
  "GET /list-sessions": {},
  "POST /revoke-session": { audited: "session ended" },
  "POST /revoke-other-sessions": { audited: "other sessions ended" },
  "POST /change-password": { audited: "password changed" },
  "POST /two-factor/enable": { audited: "second factor begun" },
  "POST /two-factor/disable": { audited: "second factor removed" },
  "POST /two-factor/generate-backup-codes": { audited: "backup codes made" },
  "POST /api-key/create": { audited: "API key made" },
  "POST /api-key/delete": { audited: "API key revoked" },
  "GET /api-key/list": {},
};

/** Answers under /api/auth by Better Auth's own contract; refusals of Sluice have the form of every other call's. */
export async function authRoute(request: Request): Promise<Response> {
  const path = new URL(request.url).pathname.slice("/api/auth".length);
  const endpoint = Object.hasOwn(endpoints, `${request.method} ${path}`)
    ? endpoints[`${request.method} ${path}`]
    : null;
  try {
    if (!endpoint) throw new ApiError("not_found", "There is no such call.");
    if (request.method === "POST" && !sameOrigin(request))
      throw new ApiError("not_allowed", "The request comes from a page that is not Sluice's: set SLUICE_URL if it is.");
    if (path === "/sign-in/email") return await signIn(request);
    if (path.startsWith("/two-factor/verify-")) return await secondFactor(request, String(endpoint.audited));
    const user = endpoint.open ? null : await signedIn(request);
    const answer = await (await auth()).handler(request);
    if (endpoint.audited && answer.ok) await audit(user?.email ?? (await emailOf(answer)), null, endpoint.audited, {});
    return answer;
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    const body = { error: { code: error.code, message: error.message } };
    return Response.json(body, { status: error.status, headers: { "cache-control": "no-store" } });
  }
}

async function signIn(request: Request): Promise<Response> {
  const body = (await request
    .clone()
    .json()
    .catch(() => null)) as { email?: unknown } | null;
  const email = String(body?.email ?? "")
    .toLowerCase()
    .slice(0, 320);
  const key = deviceOf(request) === email ? `known ${email}` : email;
  if (tooManyFailures(key, Date.now())) return tooMany("Too many failed sign-ins of this login: wait ten minutes.");
  const answer = await (await auth()).handler(request);
  if (answer.ok) {
    forgetFailures(key);
    await audit(email, null, "signed in", {});
    return remembered(answer, email);
  }
  if (answer.status === 401) {
    noteFailure(key, Date.now());
    // Who floods the door is not to fill the trail.
    if (worthNoting(Date.now())) await audit("sluice", null, "sign-in failed", { email });
  }
  return answer;
}

/**
 * A code has six digits, so wrong ones are counted, over all logins: who gives one has no name yet, and comes by a right
 * password (whoever has none is told so before the code is looked at).
 */
async function secondFactor(request: Request, audited: string): Promise<Response> {
  const key = `second factor ${deviceOf(request) ?? ""}`;
  if (tooManyFailures(key, Date.now())) return tooMany("Too many wrong codes: wait ten minutes.");
  const answer = await (await auth()).handler(request);
  if (answer.ok) {
    const email = await emailOf(answer);
    forgetFailures(key);
    await audit(email, null, audited, {});
    return remembered(answer, email);
  }
  const { code } = (await answer
    .clone()
    .json()
    .catch(() => ({}))) as { code?: unknown };
  if (/^INVALID_(CODE|BACKUP_CODE)$/.test(String(code))) {
    noteFailure(key, Date.now());
    if (worthNoting(Date.now())) await audit("sluice", null, "second factor failed", {});
  }
  return answer;
}

const tooMany = (message: string) => Response.json({ message }, { status: 429 });

/** With the cookie that tells the browser again, where the answer signs it in (and does not only ask for a code). */
function remembered(answer: Response, email: string): Response {
  const cookies = answer.headers.getSetCookie();
  if (!cookies.some((line) => /sluice\.session_token=[^;]/.test(line))) return answer;
  const headers = new Headers(answer.headers);
  headers.append("set-cookie", deviceCookie(email.toLowerCase()));
  return new Response(answer.body, { status: answer.status, headers });
}

async function emailOf(answer: Response): Promise<string> {
  const body = (await answer
    .clone()
    .json()
    .catch(() => null)) as { user?: { email?: unknown } } | null;
  return String(body?.user?.email ?? "unknown");
}
