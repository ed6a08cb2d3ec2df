"use client";

import { CircleAlert, Inbox } from "lucide-react";
import type { ReactNode } from "react";
import { Button } from "./button";
import { cn } from "./cn";
import { errorText } from "./error-text";
import { Raw } from "./raw";

export function Skeleton({ className }: { className?: string }) {
  return <div aria-hidden className={cn("h-4 animate-pulse rounded-sm bg-sunken", className)} />;
}

export function Loading({ rows = 4, label = "Loading" }: { rows?: number; label?: string }) {
  return (
    <div role="status" aria-label={label} className="grid gap-2 p-3">
      {Array.from({ length: rows }, (_, row) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: rows of nothing
        <Skeleton key={row} className={row % 3 === 2 ? "w-2/3" : "w-full"} />
      ))}
    </div>
  );
}

export function Empty({ title, children }: { title: string; children?: ReactNode }) {
  return (
    <div className="flex flex-col items-center gap-1 px-4 py-8 text-center">
      <Inbox aria-hidden className="mb-1 size-6 text-muted" />
      <p className="font-medium">{title}</p>
      {children ? <div className="max-w-prose text-muted">{children}</div> : null}
    </div>
  );
}

/** What went wrong, what to do next, and the host's own words below. */
export function ErrorState({
  error,
  retry,
  compact,
  links = {},
}: {
  error: unknown;
  retry?: () => void;
  compact?: boolean;
  links?: { next?: ReactNode };
}) {
  const text = errorText(error);
  return (
    <div
      role="alert"
      className={cn(
        "flex flex-wrap items-start gap-3 rounded-md border border-danger/40 bg-danger-soft text-text",
        compact ? "p-2" : "m-3 p-3",
      )}
    >
      <CircleAlert aria-hidden className="mt-0.5 size-4 shrink-0 text-danger" />
      <div className="min-w-0 flex-1">
        <p className="font-medium">{text.title}</p>
        {text.said && text.said !== text.title ? <Raw className="block break-words">{text.said}</Raw> : null}
        <p>{text.next}</p>
        {text.detail ? (
          <Raw mono lines className="mt-1 block max-h-32 overflow-auto text-muted">
            {text.detail}
          </Raw>
        ) : null}
        {links.next}
      </div>
      {retry ? (
        <Button size="small" onClick={retry}>
          Try again
        </Button>
      ) : null}
    </div>
  );
}

/** A note in one colour, for warnings that stand in the page. */
export function Note({
  tone = "warn",
  children,
  role,
}: {
  tone?: "warn" | "danger" | "accent" | "good";
  children: ReactNode;
  role?: "alert" | "status";
}) {
  const look = {
    warn: "border-warn/40 bg-warn-soft",
    danger: "border-danger/40 bg-danger-soft",
    accent: "border-accent/40 bg-accent-soft",
    good: "border-good/40 bg-good-soft",
  }[tone];
  return (
    <div role={role} className={cn("rounded-md border px-3 py-2 text-text", look)}>
      {children}
    </div>
  );
}
