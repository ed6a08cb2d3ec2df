import "server-only";
import type { State } from "./open";

export type UserRow = { id: string; email: string; role: string; createdAt: string };

/** Oldest first. Better Auth keeps the rows; `createdAt` is its ISO text. */
export function userRows({ sqlite, db }: State): UserRow[] {
  return sqlite.now(db.selectFrom("user").select(["id", "email", "role", "createdAt"]).orderBy("createdAt")).rows;
}

export function userById({ sqlite, db }: State, id: string): UserRow | undefined {
  const query = db.selectFrom("user").select(["id", "email", "role", "createdAt"]).where("id", "=", id);
  return sqlite.now(query).rows[0];
}

/** The user with sessions, password, second factor and API keys. "last-admin" and "unknown" leave everything as it is. */
export function deleteUser({ sqlite, db }: State, id: string): "deleted" | "last-admin" | "unknown" {
  return sqlite.atOnce(() => {
    const users = sqlite.now(db.selectFrom("user").select(["id", "role"])).rows;
    const user = users.find((row) => row.id === id);
    if (!user) return "unknown";
    if (user.role === "admin" && users.filter((row) => row.role === "admin").length === 1) return "last-admin";
    sqlite.now(db.deleteFrom("session").where("userId", "=", id));
    sqlite.now(db.deleteFrom("account").where("userId", "=", id));
    sqlite.now(db.deleteFrom("twoFactor").where("userId", "=", id));
    sqlite.now(db.deleteFrom("apikey").where("referenceId", "=", id));
    sqlite.now(db.deleteFrom("user").where("id", "=", id));
    return "deleted";
  });
}

/** The one open set-up token: a new one takes the place of the old. `hash` is SHA-256 in hex. */
export function replaceSetupToken({ sqlite, db }: State, hash: string, at: number): void {
  sqlite.atOnce(() => {
    sqlite.now(db.deleteFrom("setup_tokens"));
    sqlite.now(db.insertInto("setup_tokens").values({ hash, made_at: at }));
  });
}

/** True once for a token: it is gone with that. */
export function takeSetupToken({ sqlite, db }: State, hash: string): boolean {
  return sqlite.now(db.deleteFrom("setup_tokens").where("hash", "=", hash)).changes > 0;
}
