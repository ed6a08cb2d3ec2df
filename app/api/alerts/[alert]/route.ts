import { handle } from "@/lib/server/handler";
import { acknowledge } from "@/lib/server/judge/alerts";

export const POST = handle("acknowledge", ({ params, body, user }) =>
  acknowledge(params.alert ?? "", body.note, user.email),
);
