import { handle } from "@/lib/server/handler";
import { host } from "@/lib/server/hosts/registry";
import { historyView } from "@/lib/server/hosts/view";

export const GET = handle("queueHistory", async ({ params, query }) =>
  historyView(host(params.host ?? ""), query.hours ?? 24),
);
