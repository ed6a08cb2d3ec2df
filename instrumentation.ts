/** Next calls it once when the server starts, before the first request, and not while it builds. */
export async function register(): Promise<void> {
  if (process.env.NEXT_RUNTIME !== "nodejs" || process.env.NEXT_PHASE === "phase-production-build") return;
  const { startBackground } = await import("./lib/server/background");
  await startBackground();
}
