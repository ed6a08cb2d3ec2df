import type { Page } from "@playwright/test";

/**
 * Looks again and again until what is seen satisfies `good`, and answers it. A look that throws is one that saw nothing
 * yet. Rejects after `withinMs` with what was seen last.
 */
export async function until<T>(look: () => T | Promise<T>, good: (seen: T) => boolean, withinMs = 60_000): Promise<T> {
  const end = Date.now() + withinMs;
  for (let last: unknown; ; ) {
    try {
      const seen = await look();
      if (good(seen)) return seen;
      last = seen;
    } catch (error) {
      last = String(error);
    }
    if (Date.now() > end)
      throw new Error(`not within ${withinMs} ms; last seen: ${JSON.stringify(last)?.slice(0, 1000)}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/** Resolves when React has taken over the page's form; before that a press on its button sends it as plain HTML does. */
export const hydrated = (page: Page) =>
  until(
    () => page.locator("form").evaluate((form) => Object.keys(form).some((key) => key.startsWith("__reactProps"))),
    (taken) => taken,
  );
