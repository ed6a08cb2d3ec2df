import { handle } from "@/lib/server/handler";
import { listAlerts } from "@/lib/server/judge/alerts";

export const GET = handle("listAlerts", async ({ query }) => listAlerts(query.all === "1"));
