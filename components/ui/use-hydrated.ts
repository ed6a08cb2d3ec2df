"use client";

import { useSyncExternalStore } from "react";

const never = () => () => {};

/**
 * False on the server and while its markup is taken over, true from then on. What comes from the server's answers is
 * drawn only then: an answer that arrives early would differ from the markup.
 */
export const useHydrated = () =>
  useSyncExternalStore(
    never,
    () => true,
    () => false,
  );
