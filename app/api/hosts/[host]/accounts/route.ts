import { listAccounts } from "@/lib/server/accounts/accounts";
import { handle } from "@/lib/server/handler";

export const GET = handle("listAccounts", async ({ params, query }) => listAccounts(params.host ?? "", query));
