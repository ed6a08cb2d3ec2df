"use client";

import { type RefObject, useEffect, useState } from "react";
import { type Range, visibleRange } from "./visible-range";

/** The range of rows of a scrolling box that must be drawn; it changes only when other rows come into view. */
export function useVisibleRows(box: RefObject<HTMLElement | null>, rowHeight: number, count: number): Range {
  const [range, setRange] = useState<Range>({ first: 0, last: Math.min(count, 40) });
  useEffect(() => {
    const here = box.current;
    if (!here) return;
    const look = () =>
      setRange((old) => {
        const next = visibleRange(here.scrollTop, here.clientHeight, rowHeight, count);
        return old.first === next.first && old.last === next.last ? old : next;
      });
    look();
    here.addEventListener("scroll", look, { passive: true });
    const watch = new ResizeObserver(look);
    watch.observe(here);
    return () => {
      here.removeEventListener("scroll", look);
      watch.disconnect();
    };
  }, [box, rowHeight, count]);
  return range;
}
