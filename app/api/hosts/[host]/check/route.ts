import { handle } from "@/lib/server/handler";
import { checkById } from "@/lib/server/hosts/use-hosts";

export const POST = handle("checkHost", async ({ params }) => checkById(params.host ?? ""));
