import { brake } from "@/lib/server/contain/brakes";
import { handle } from "@/lib/server/handler";

export const POST = handle("brake", async ({ params, body, user }) =>
  brake(params.host ?? "", body.kind, body.on, body.confirm, user.email),
);
