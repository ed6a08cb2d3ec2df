import { handle } from "@/lib/server/handler";
import { host, removeHost } from "@/lib/server/hosts/registry";
import { changeFromForm } from "@/lib/server/hosts/use-hosts";
import { settingsView } from "@/lib/server/hosts/view";

export const GET = handle("getHostSettings", async ({ params }) => settingsView(host(params.host ?? "")));
export const PATCH = handle("changeHost", async ({ params, body, user }) =>
  changeFromForm(params.host ?? "", body, user.email),
);
export const DELETE = handle("removeHost", async ({ params, user }) => {
  await removeHost(params.host ?? "", user.email);
  return { ok: true as const };
});
