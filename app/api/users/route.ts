import { handle } from "@/lib/server/handler";
import { addUser, listUsers } from "@/lib/server/users";

export const GET = handle("listUsers", listUsers);
export const POST = handle("addUser", async ({ body, user }) => addUser(body, user.email));
