import { listArchives } from "@/lib/server/actions/archives";
import { handle } from "@/lib/server/handler";

export const GET = handle("listArchives", async ({ params }) => listArchives(params.host ?? ""));
