"use client";

import { type ComponentType, lazy, type ReactNode, Suspense } from "react";

/** A part that is fetched when it is first shown. Never made on the server: pages are drawn in the browser alone. */
export function later<P extends object>(load: () => Promise<ComponentType<P>>, meanwhile: ReactNode = null) {
  const Part = lazy(async () => ({ default: await load() }));
  // biome-ignore lint/correctness/noComponentHookFactories: it is called once for each part, at the top of a file
  return function Later(props: P) {
    return (
      <Suspense fallback={meanwhile}>
        <Part {...props} />
      </Suspense>
    );
  };
}
