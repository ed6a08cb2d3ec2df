import { suspend, suspensionOf } from "@/lib/server/contain/suspension";
import { handle } from "@/lib/server/handler";

export const GET = handle("getSuspension", async ({ params }) => suspensionOf(params.host ?? "", params.account ?? ""));
export const POST = handle("suspend", async ({ params, body, user }) => {
  const { host = "", account = "" } = params;
  return (await suspend(host, account, body.mode, body.reason ?? null, user.email)).suspension;
});
