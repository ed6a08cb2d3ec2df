import { undoAction } from "@/lib/server/actions/actions";
import { handle } from "@/lib/server/handler";

export const POST = handle("undoAction", async ({ params, user }) => undoAction(params.action ?? "", user.email));
