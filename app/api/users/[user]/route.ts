import { handle } from "@/lib/server/handler";
import { removeUser } from "@/lib/server/users";

export const DELETE = handle("removeUser", async ({ params, user }) => {
  await removeUser(params.user ?? "", user.email);
  return { ok: true as const };
});
