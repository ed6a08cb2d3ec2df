import "server-only";
import { judgeFeed } from "../judge/collectors-feed";
import { knownIncident } from "./incidents";
import { reportFacts } from "./report-facts";
import { csv, markdown } from "./report-text";

/** The report as a file to be given to the mailbox's owner or an abuse desk. */
export async function incidentReport(id: string, format: "md" | "csv"): Promise<Response> {
  const row = knownIncident(id);
  const report = await reportFacts(row, judgeFeed());
  const name = `incident-${new Date(row.opened_at).toISOString().slice(0, 10)}-${id.slice(0, 8)}.${format}`;
  return new Response(format === "md" ? markdown(report) : csv(report), {
    headers: {
      "content-type": format === "md" ? "text/markdown; charset=utf-8" : "text/csv; charset=utf-8; header=present",
      "content-disposition": `attachment; filename="${name}"`,
      "cache-control": "no-store",
      "x-content-type-options": "nosniff",
    },
  });
}
