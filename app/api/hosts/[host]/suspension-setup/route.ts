import { suspensionSetup } from "@/lib/server/contain/setup";
import { handle } from "@/lib/server/handler";

export const POST = handle("suspensionSetup", async ({ params, body, user }) =>
  suspensionSetup(params.host ?? "", body.op, user.email),
);
