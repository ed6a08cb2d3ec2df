import { planById, planView } from "@/lib/server/actions/make-plan";
import { handle } from "@/lib/server/handler";

export const GET = handle("getPlan", async ({ params }) => planView(planById(params.plan ?? "")));
