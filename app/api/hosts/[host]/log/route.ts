import { logAround } from "@/lib/server/accounts/log-lines";
import { handle } from "@/lib/server/handler";

export const GET = handle("log", async ({ params, query }) => logAround(params.host ?? "", query));
