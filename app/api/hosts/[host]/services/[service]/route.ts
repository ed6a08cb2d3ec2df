import { service } from "@/lib/server/contain/brakes";
import { handle } from "@/lib/server/handler";

export const POST = handle("service", async ({ params, body, user }) =>
  service(params.host ?? "", params.service ?? "", body.op, body.confirm, user.email),
);
