import { handle } from "@/lib/server/handler";
import { listIncidents, openIncident } from "@/lib/server/incidents/incidents";

export const GET = handle("listIncidents", async () => listIncidents());
export const POST = handle("openIncident", ({ body, user }) => openIncident(body.host, body.account, user.email));
