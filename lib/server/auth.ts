import "server-only";
import { apiKey } from "@better-auth/api-key";
import { type BetterAuthOptions, betterAuth } from "better-auth";
import { getMigrations } from "better-auth/db/migration";
import { twoFactor } from "better-auth/plugins";
import { ApiError } from "../api/errors";
import { userById } from "../store/state/users";
import { ownOrigins, sameOrigin } from "./auth-origin";
import { authSecret } from "./auth-secret";
import { env } from "./env";
import { log } from "./log";
import { singleton } from "./singleton";
import { state } from "./state";

/** Who asks. An admin may do everything, a viewer may look. */
export type User = { id: string; email: string; role: "admin" | "viewer" };

const week = 7 * 24 * 3600;

function options() {
  const { url, dataDir } = env();
  return {
    appName: "Sluice",
    baseURL: url,
    basePath: "/api/auth",
    secret: authSecret(dataDir),
    database: { db: state().db, type: "sqlite" as const, transaction: false },
    telemetry: { enabled: false },
    logger: {
      level: "warn" as const,
      log: (level: string, message: string) => log[level === "error" ? "error" : "warn"](message),
    },
    // Another address of the same server is its own too, see sameOrigin.
    trustedOrigins: async (request?: Request) => {
      const origin = request?.headers.get("origin");
      return request && origin && sameOrigin(request) ? [...ownOrigins(), origin] : ownOrigins();
    },
    emailAndPassword: { enabled: true, disableSignUp: true, minPasswordLength: 12, maxPasswordLength: 200 },
    user: {
      additionalFields: { role: { type: "string" as const, required: true, input: false, defaultValue: "viewer" } },
    },
    // Every request asks the store, so that a session or a user that was removed is out at once.
    session: { cookieCache: { enabled: false }, expiresIn: week, disableSessionRefresh: true },
    advanced: {
      useSecureCookies: url.startsWith("https:"),
      cookiePrefix: "sluice",
      defaultCookieAttributes: { sameSite: "lax" as const, httpOnly: true },
    },
    rateLimit: {
      enabled: true,
      window: 60,
      max: 300,
      customRules: { "/sign-in/email": { window: 60, max: 30 } },
    },
    plugins: [
      twoFactor({ issuer: "Sluice" }),
      apiKey({
        defaultPrefix: "sluice_",
        requireName: true,
        rateLimit: { enabled: false },
        keyExpiration: { maxExpiresIn: 3650 },
        enableSessionForAPIKeys: false,
      }),
    ],
  } satisfies BetterAuthOptions;
}

const make = () => betterAuth(options());
export type Auth = ReturnType<typeof make>;

/** Better Auth on the state store, its tables brought forward. One for the process. */
export function auth(): Promise<Auth> {
  return singleton("auth", async () => {
    // First the tables: Better Auth looks at them as soon as it is made.
    const { runMigrations } = await getMigrations(options());
    await runMigrations();
    return make();
  });
}

/** The user of the session cookie, or of `Authorization: Bearer KEY`. Throws ApiError not_signed_in. */
export async function signedIn(request: Request): Promise<User & { by: "cookie" | "key" }> {
  const better = await auth();
  // Another scheme is not ours: a proxy that asks for a password of its own passes its Basic header on.
  const header = request.headers.get("authorization") ?? "";
  if (/^Bearer\b/i.test(header)) {
    const key = /^Bearer ([\x21-\x7e]{1,300})$/i.exec(header)?.[1];
    const found = key ? await better.api.verifyApiKey({ body: { key } }) : null;
    const user = found?.valid && found.key ? userById(state(), found.key.referenceId) : undefined;
    if (!user) throw new ApiError("not_signed_in", "The API key is not known: make a new one in the settings.");
    return { id: user.id, email: user.email, role: role(user.role), by: "key" };
  }
  const session = await better.api.getSession({ headers: request.headers });
  if (!session) throw new ApiError("not_signed_in", "Sign in first, or send Authorization: Bearer with an API key.");
  return { id: session.user.id, email: session.user.email, role: role(session.user.role), by: "cookie" };
}

/**
 * The guard of every call. Throws ApiError not_signed_in; not_allowed where a viewer, or a page of another origin by
 * the visitor's cookie, asks for a change.
 */
export async function requireUser(request: Request, changes: boolean): Promise<User> {
  const { by, ...user } = await signedIn(request);
  if (changes && by === "cookie" && !sameOrigin(request))
    throw new ApiError("not_allowed", "The request comes from a page that is not Sluice's: set SLUICE_URL if it is.");
  if (changes && user.role !== "admin")
    throw new ApiError("not_allowed", "A viewer may look, not change: ask an admin.");
  return user;
}

function role(text: unknown): User["role"] {
  return text === "admin" ? "admin" : "viewer";
}
