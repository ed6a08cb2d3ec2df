import { downloadArchive, removeArchive } from "@/lib/server/actions/archives";
import { handle } from "@/lib/server/handler";

export const GET = handle("downloadArchive", async ({ params, user }) =>
  downloadArchive(params.host ?? "", params.action ?? "", user.email),
);
export const DELETE = handle("deleteArchive", async ({ params, user }) => {
  await removeArchive(params.host ?? "", params.action ?? "", user.email);
  return { ok: true };
});
