import { handle } from "@/lib/server/handler";
import { ready } from "@/lib/server/ready";

export const dynamic = "force-dynamic";
export const GET = handle("health", async () => ({ status: ready() ? ("ok" as const) : ("starting" as const) }));
