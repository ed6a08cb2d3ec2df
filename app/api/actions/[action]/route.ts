import { getAction } from "@/lib/server/actions/actions";
import { handle } from "@/lib/server/handler";

export const GET = handle("getAction", async ({ params }) => getAction(params.action ?? ""));
