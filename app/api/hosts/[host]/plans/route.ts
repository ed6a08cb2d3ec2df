import { makePlan } from "@/lib/server/actions/make-plan";
import { handle } from "@/lib/server/handler";
import { asFilter } from "@/lib/server/queue/filter-query";

export const POST = handle("makePlan", async ({ params, body, user }) =>
  makePlan(params.host ?? "", body.action, asFilter(body.filter), user.email),
);
