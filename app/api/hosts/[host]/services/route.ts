import { listServices } from "@/lib/server/contain/brakes";
import { handle } from "@/lib/server/handler";

export const GET = handle("listServices", async ({ params }) => listServices(params.host ?? ""));
