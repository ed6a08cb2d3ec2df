import { firstBroken, listAudit } from "@/lib/server/audit";
import { handle } from "@/lib/server/handler";

export const GET = handle("audit", async ({ query }) => ({
  ...listAudit(query.cursor, query.limit),
  intact: (await firstBroken()) === null,
}));
