import { sessionsOf } from "@/lib/server/accounts/account-sessions";
import { handle } from "@/lib/server/handler";

export const GET = handle("accountSessions", async ({ params, query }) =>
  sessionsOf(params.host ?? "", params.account ?? "", query),
);
