import { timelineOf } from "@/lib/server/accounts/accounts";
import { handle } from "@/lib/server/handler";

export const GET = handle("accountTimeline", async ({ params, query }) =>
  timelineOf(params.host ?? "", params.account ?? "", query),
);
