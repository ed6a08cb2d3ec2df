import { endStanding } from "@/lib/server/actions/standing";
import { handle } from "@/lib/server/handler";

export const DELETE = handle("removeStanding", async ({ params, user }) => {
  await endStanding(params.standing ?? "", user.email);
  return { ok: true };
});
