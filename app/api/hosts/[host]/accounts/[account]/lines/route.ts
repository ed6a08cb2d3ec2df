import { accountLines } from "@/lib/server/accounts/log-lines";
import { handle } from "@/lib/server/handler";

export const GET = handle("accountLines", async ({ params, query }) =>
  accountLines(params.host ?? "", params.account ?? "", query),
);
