import { unknownLines } from "@/lib/server/accounts/log-lines";
import { handle } from "@/lib/server/handler";

export const GET = handle("unknownLines", async ({ params }) => unknownLines(params.host ?? ""));
