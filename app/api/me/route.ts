import { env } from "@/lib/server/env";
import { handle } from "@/lib/server/handler";
import { version } from "@/package.json";

export const GET = handle("me", async ({ user }) => ({
  email: user.email,
  role: user.role,
  demo: env().demo,
  version,
}));
