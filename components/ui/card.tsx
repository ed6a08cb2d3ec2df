import type { ReactNode } from "react";
import { cn } from "./cn";

/** A titled region of a page. */
export function Card({
  title,
  side,
  children,
  className,
  flush,
  id,
}: {
  title?: ReactNode;
  side?: ReactNode;
  children: ReactNode;
  className?: string;
  flush?: boolean;
  id?: string;
}) {
  return (
    <section id={id} className={cn("min-w-0 rounded-lg border bg-surface", className)}>
      {title ? (
        // High enough for a small button, so that one that comes moves nothing.
        <div className="flex min-h-[2.625rem] flex-wrap items-center justify-between gap-x-3 gap-y-1 border-b px-3 py-1.5">
          <h2 className="font-semibold text-[14px]">{title}</h2>
          {side}
        </div>
      ) : null}
      <div className={flush ? "" : "p-3"}>{children}</div>
    </section>
  );
}

export function PageHead({ title, sub, side }: { title: ReactNode; sub?: ReactNode; side?: ReactNode }) {
  return (
    <div className="mb-3 flex flex-wrap items-end justify-between gap-x-4 gap-y-2">
      <div className="min-w-0">
        <h1 className="break-words font-semibold text-[20px] leading-tight">{title}</h1>
        {sub ? <div className="mt-0.5 text-muted">{sub}</div> : null}
      </div>
      {side ? <div className="flex flex-wrap items-center gap-2">{side}</div> : null}
    </div>
  );
}
