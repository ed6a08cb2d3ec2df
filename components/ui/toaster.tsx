"use client";

import { lazy, Suspense, useSyncExternalStore } from "react";
import { onToasts, toastsWanted } from "./toast";

const Sonner = lazy(() => import("sonner").then((file) => ({ default: file.Toaster })));

/** Where the notices are shown; the library comes with the first one. */
export function Toaster() {
  const wanted = useSyncExternalStore(onToasts, toastsWanted, () => false);
  return wanted ? (
    <Suspense fallback={null}>
      <Sonner position="bottom-right" richColors closeButton />
    </Suspense>
  ) : null;
}
