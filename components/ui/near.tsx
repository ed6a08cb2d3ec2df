"use client";

import { type ReactNode, useEffect, useRef, useState } from "react";

/** What is far down a page: it is made when it comes into view, and keeps its place until then. */
export function Near({ height, children }: { height: string; children: ReactNode }) {
  const [near, setNear] = useState(false);
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (!box.current) return;
    const watch = new IntersectionObserver((seen) => seen.some((one) => one.isIntersecting) && setNear(true));
    watch.observe(box.current);
    return () => watch.disconnect();
  }, []);
  return near ? children : <div ref={box} style={{ minHeight: height }} />;
}
