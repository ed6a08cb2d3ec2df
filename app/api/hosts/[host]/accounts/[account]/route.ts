import { accountOf } from "@/lib/server/accounts/accounts";
import { handle } from "@/lib/server/handler";

export const GET = handle("account", async ({ params, query }) =>
  accountOf(params.host ?? "", params.account ?? "", query),
);
