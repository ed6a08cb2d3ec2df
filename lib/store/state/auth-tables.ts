import "server-only";

/** The columns of Better Auth's tables that Sluice itself reads; Better Auth makes and moves them forward by itself. */
export type AuthTables = {
  user: { id: string; email: string; name: string; role: string; createdAt: string; twoFactorEnabled: number | null };
  session: { id: string; userId: string };
  account: { id: string; userId: string };
  twoFactor: { id: string; userId: string };
  apikey: { id: string; referenceId: string };
};
