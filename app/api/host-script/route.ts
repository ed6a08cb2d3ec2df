import { handle } from "@/lib/server/handler";
import { installableScript } from "@/lib/server/hosts/use-hosts";

export const GET = handle(
  "hostScript",
  async () =>
    new Response(installableScript(), {
      headers: {
        "content-type": "text/plain; charset=utf-8",
        "content-disposition": 'attachment; filename="sluice.sh"',
        "cache-control": "no-store",
      },
    }),
);
