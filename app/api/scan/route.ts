import { handle } from "@/lib/server/handler";
import { scan } from "@/lib/server/hosts/use-hosts";

export const POST = handle("scanHost", async ({ body }) => scan(body.address, body.port));
