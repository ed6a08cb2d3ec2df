import "server-only";
import { createHash, randomBytes } from "node:crypto";
import { ApiError } from "../api/errors";
import { deleteUser, replaceSetupToken, takeSetupToken, userRows } from "../store/state/users";
import { audit } from "./audit";
import { auth, type User } from "./auth";
import { env } from "./env";
import { log } from "./log";
import { state } from "./state";

type NewUser = { email: string; password: string; role: User["role"] };

export async function listUsers() {
  await auth();
  return userRows(state()).map(({ id, email, role, createdAt }) => ({
    id,
    email,
    role: role === "admin" ? ("admin" as const) : ("viewer" as const),
    createdAt: new Date(createdAt).toISOString(),
  }));
}

/** Adds an account for the dashboard. Throws ApiError conflict where the address has one. */
export async function addUser(given: NewUser, by: string): Promise<{ id: string }> {
  const context = await (await auth()).$context;
  const email = given.email.toLowerCase();
  if (userRows(state()).some((row) => row.email === email))
    throw new ApiError("conflict", "This address has an account already: remove it first, or take another.");
  await audit(by, null, "user added", { email, role: given.role });
  const password = await context.password.hash(given.password);
  const user = await context.internalAdapter.createUser({ email, name: email, emailVerified: true, role: given.role }, {
    method: "email-password",
  } as never);
  await context.internalAdapter.linkAccount({
    userId: user.id,
    accountId: user.id,
    providerId: "credential",
    password,
  });
  return { id: user.id };
}

/** Removes it with its sessions and API keys, which end at once. The last admin stays. */
export async function removeUser(id: string, by: string): Promise<void> {
  await auth();
  const users = userRows(state());
  const user = users.find((row) => row.id === id);
  if (!user) throw new ApiError("not_found", "There is no such user.");
  const last = user.role === "admin" && users.filter((row) => row.role === "admin").length === 1;
  if (last) throw new ApiError("conflict", "The last admin stays: add another one first.");
  await audit(by, null, "user removed", { email: user.email });
  if (deleteUser(state(), id) !== "deleted") throw new ApiError("conflict", "The users have changed: look again.");
}

const hashed = (token: string) => createHash("sha256").update(token).digest("hex");

/** True until the first account is there. */
export async function setupNeeded(): Promise<boolean> {
  await auth();
  return userRows(state()).length === 0;
}

/**
 * The first admin, at start: by SLUICE_ADMIN_EMAIL and _PASSWORD, or else a link that works once, as a line of the log
 * (answered too). Nothing where an account is there already; the variables do not change it then.
 */
export async function firstAdmin(): Promise<string | null> {
  if (!(await setupNeeded())) return null;
  const { admin, url } = env();
  if (admin) {
    await addUser({ ...admin, role: "admin" }, "sluice");
    return null;
  }
  const token = randomBytes(32).toString("base64url");
  replaceSetupToken(state(), hashed(token), Date.now());
  const link = `${url}/set-up?token=${token}`;
  log.warn(`No account yet. Make the first admin here, once: ${link}`);
  return link;
}

/** Makes the first admin by the link's token, which is gone with that. Throws ApiError conflict or not_allowed. */
export async function setUp(given: { token: string; email: string; password: string }): Promise<void> {
  if (!(await setupNeeded())) throw new ApiError("conflict", "Sluice is set up already: sign in.");
  if (!takeSetupToken(state(), hashed(given.token)))
    throw new ApiError("not_allowed", "This link is not the newest one: take it from the log of the last start.");
  try {
    await addUser({ email: given.email, password: given.password, role: "admin" }, "set-up link");
  } catch (error) {
    replaceSetupToken(state(), hashed(given.token), Date.now());
    throw error;
  }
}
