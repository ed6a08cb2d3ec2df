import { handle } from "@/lib/server/handler";
import { incidentReport } from "@/lib/server/incidents/report";

export const GET = handle("incidentReport", ({ params, query }) => incidentReport(params.incident ?? "", query.format));
