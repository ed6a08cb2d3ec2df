import { handle } from "@/lib/server/handler";
import { makeKey } from "@/lib/server/keys";

export const POST = handle("makeKey", async ({ user }) => makeKey(user.email));
