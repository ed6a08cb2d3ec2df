"use client";

import { useSearchParams } from "next/navigation";
import { useCallback } from "react";

type Change = Record<string, string | readonly string[] | null>;

/**
 * State that lives in the address, so that a link shows a colleague the same. `set` replaces the named keys and keeps
 * the others; null or an empty list takes a key away. `push` makes a step for the back button.
 */
export function useUrlState() {
  const search = useSearchParams();
  const set = useCallback((change: Change, how: "push" | "replace" = "replace") => {
    const next = changed(new URLSearchParams(window.location.search), change).toString();
    const url = `${window.location.pathname}${next ? `?${next}` : ""}`;
    if (how === "push") window.history.pushState(null, "", url);
    else window.history.replaceState(null, "", url);
  }, []);
  return { search, set };
}

/** The parameters after a change; pure, the given ones stay as they are. */
export function changed(search: URLSearchParams, change: Change): URLSearchParams {
  const next = new URLSearchParams(search);
  for (const [key, value] of Object.entries(change)) {
    next.delete(key);
    if (value === null) continue;
    for (const one of typeof value === "string" ? [value] : value) next.append(key, one);
  }
  return next;
}
