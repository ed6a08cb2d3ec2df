import { cancelAction } from "@/lib/server/actions/actions";
import { handle } from "@/lib/server/handler";

export const POST = handle("cancelAction", async ({ params, user }) => cancelAction(params.action ?? "", user.email));
