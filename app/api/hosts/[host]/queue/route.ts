import { handle } from "@/lib/server/handler";
import { queueOf } from "@/lib/server/queue/queue";

export const GET = handle("queue", async ({ params, query, search }) => queueOf(params.host ?? "", query, search));
