import { handle } from "@/lib/server/handler";
import { setUp, setupNeeded } from "@/lib/server/users";

export const GET = handle("setupState", async () => ({ needed: await setupNeeded() }));
export const POST = handle("setup", async ({ body }) => {
  await setUp(body);
  return { ok: true as const };
});
