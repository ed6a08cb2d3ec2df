import { handle } from "@/lib/server/handler";
import { streamFor } from "@/lib/server/stream";

export const GET = handle("stream", async ({ request }) => streamFor(request));
