import { openApi } from "@/lib/api/openapi";
import { handle } from "@/lib/server/handler";

export const GET = handle("openapi", async () => openApi());
