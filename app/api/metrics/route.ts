import { handle } from "@/lib/server/handler";
import { metrics } from "@/lib/server/metrics";

export const GET = handle("metrics", metrics);
