import { handle } from "@/lib/server/handler";
import { changeIncident, getIncident } from "@/lib/server/incidents/incidents";

export const GET = handle("getIncident", async ({ params }) => getIncident(params.incident ?? ""));
export const POST = handle("changeIncident", ({ params, body, user }) =>
  changeIncident(params.incident ?? "", body, user.email),
);
