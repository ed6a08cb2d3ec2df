import { addStanding, listStanding } from "@/lib/server/actions/standing";
import { handle } from "@/lib/server/handler";
import { asFilter } from "@/lib/server/queue/filter-query";

export const GET = handle("listStanding", async () => listStanding());
export const POST = handle("addStanding", async ({ body, user }) =>
  addStanding(body.host, asFilter(body.filter), body.hours, user.email),
);
