import { actionsPage, runPlan } from "@/lib/server/actions/actions";
import { handle } from "@/lib/server/handler";

export const GET = handle("listActions", async ({ query }) => actionsPage(query));
export const POST = handle("runPlan", async ({ body, user }) => runPlan(body, user.email));
