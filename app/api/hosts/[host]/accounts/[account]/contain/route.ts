import { contain, containPreview } from "@/lib/server/contain/contain";
import { handle } from "@/lib/server/handler";

export const GET = handle("containPreview", async ({ params }) =>
  containPreview(params.host ?? "", params.account ?? ""),
);
export const POST = handle("contain", async ({ params, body, user }) =>
  contain(params.host ?? "", params.account ?? "", body, user.email),
);
