import { exportAudit } from "@/lib/server/audit";
import { handle } from "@/lib/server/handler";

export const GET = handle(
  "exportAudit",
  async () =>
    new Response(exportAudit(), {
      headers: {
        "content-type": "application/x-ndjson",
        "content-disposition": 'attachment; filename="sluice-audit.jsonl"',
        "cache-control": "no-store",
      },
    }),
);
