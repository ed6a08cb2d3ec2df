import { pauseBackfill } from "@/lib/server/collect/collectors";
import { handle } from "@/lib/server/handler";

export const POST = handle("pauseBackfill", async ({ params, body }) => {
  pauseBackfill(params.host ?? "", body.paused);
  return { ok: true };
});
