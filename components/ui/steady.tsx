"use client";

import { RefreshCw } from "lucide-react";
import { useEffect, useState } from "react";
import { Button } from "./button";

/**
 * Rows that do not move under the pointer: while the pointer or the focus is inside, newer data waits. `held` says
 * that it does, `show` takes it. Another `key` (another question) is shown at once.
 */
export function useSteady<T>(data: T, key: string) {
  const [shown, setShown] = useState({ data, key });
  const [inside, setInside] = useState(false);
  const other = shown.key !== key;
  const free = !inside || other || shown.data === undefined;
  useEffect(() => {
    if (free && (shown.data !== data || shown.key !== key)) setShown({ data, key });
  }, [free, data, key, shown]);
  const value = free ? data : shown.data;
  return {
    value,
    held: !free && shown.data !== data,
    show: () => setShown({ data, key }),
    bind: {
      onPointerEnter: () => setInside(true),
      onPointerLeave: (event: React.PointerEvent) => {
        if (!event.currentTarget.contains(document.activeElement)) setInside(false);
      },
      onFocus: () => setInside(true),
      onBlur: (event: React.FocusEvent) => {
        if (!event.currentTarget.contains(event.relatedTarget) && !event.currentTarget.matches(":hover"))
          setInside(false);
      },
    },
  };
}

export function NewerPill({ held, show }: { held: boolean; show: () => void }) {
  if (!held) return null;
  return (
    <Button size="small" look="primary" onClick={show}>
      <RefreshCw aria-hidden /> Newer numbers
    </Button>
  );
}
