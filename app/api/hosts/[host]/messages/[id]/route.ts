import { handle } from "@/lib/server/handler";
import { messageOf } from "@/lib/server/queue/message";

export const GET = handle("message", async ({ params, query, user }) => {
  const message = await messageOf(params.host ?? "", params.id ?? "", query.instance);
  // What people write to each other is for who has to act on it; the headers tell a viewer what there is to tell.
  return user.role === "admin" ? message : { ...message, body: null, bodyCut: false };
});
