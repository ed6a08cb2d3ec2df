import { handle } from "@/lib/server/handler";
import { addFromForm, listHostViews } from "@/lib/server/hosts/use-hosts";

export const GET = handle("listHosts", async () => listHostViews());
export const POST = handle("addHost", async ({ body, user }) => addFromForm(body, user.email));
