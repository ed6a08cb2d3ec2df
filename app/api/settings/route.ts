import { handle } from "@/lib/server/handler";
import { changeSettings, settings } from "@/lib/server/settings";

export const GET = handle("getSettings", async () => settings());
export const PUT = handle("putSettings", async ({ body, user }) => changeSettings(body, user.email));
