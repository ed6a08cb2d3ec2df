import "server-only";
import { type Env, env } from "./env";

/** Origins under which the dashboard's own pages are served: SLUICE_URL, and the loopback names of its port. */
export function ownOrigins({ url, port }: Pick<Env, "url" | "port"> = env()): string[] {
  return [url, `http://127.0.0.1:${port}`, `http://localhost:${port}`, `http://[::1]:${port}`];
}

/**
 * Whether a request that changes something comes from the dashboard's own pages, or from no page at all. Browsers send
 * Origin with every POST, PUT, PATCH and DELETE; curl sends none. An Origin equal to the Host it was sent to is our
 * own too: that is how a dashboard without SLUICE_URL is reached by another of its addresses.
 */
export function sameOrigin(request: Request, own: string[] = ownOrigins()): boolean {
  const origin = request.headers.get("origin");
  if (origin === null) return ["same-origin", "none", null].includes(request.headers.get("sec-fetch-site"));
  if (own.includes(origin)) return true;
  const host = request.headers.get("host");
  return host !== null && (origin === `http://${host}` || origin === `https://${host}`);
}
