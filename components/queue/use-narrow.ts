"use client";

import { useSyncExternalStore } from "react";

const query = "(max-width: 767px)";

/** True on a phone's width; false on the server. */
export const useNarrow = () =>
  useSyncExternalStore(
    (changed) => {
      const list = window.matchMedia(query);
      list.addEventListener("change", changed);
      return () => list.removeEventListener("change", changed);
    },
    () => window.matchMedia(query).matches,
    () => false,
  );
