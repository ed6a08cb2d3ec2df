"use client";

import { type ComponentProps, type ReactNode, useId } from "react";
import { cn } from "./cn";

const box =
  "w-full rounded-md border border-strong-line bg-surface px-2.5 text-text placeholder:text-muted disabled:opacity-60 aria-invalid:border-danger";

export function Input({ className, ...props }: ComponentProps<"input">) {
  return <input autoComplete="off" spellCheck={false} {...props} className={cn(box, "h-8", className)} />;
}

export function TextArea({ className, ...props }: ComponentProps<"textarea">) {
  return <textarea spellCheck={false} {...props} className={cn(box, "min-h-20 py-1.5", className)} />;
}

/** The browser's own select: it works with every keyboard, screen reader and thumb. */
export function Select({ className, ...props }: ComponentProps<"select">) {
  return <select {...props} className={cn(box, "h-8 w-auto max-w-full pr-7", className)} />;
}

/** A labelled field with a hint and an error under it. The child gets the id and the links to both. */
export function Field({
  label,
  hint,
  error,
  children,
  className,
}: {
  label: string;
  hint?: ReactNode;
  error?: string | null;
  children: (props: { id: string; "aria-describedby"?: string; "aria-invalid"?: true }) => ReactNode;
  className?: string;
}) {
  const id = useId();
  const about = [hint && `${id}-hint`, error && `${id}-error`].filter(Boolean).join(" ") || undefined;
  return (
    <div className={cn("grid gap-1", className)}>
      <label htmlFor={id} className="font-medium text-[13px]">
        {label}
      </label>
      {children({ id, "aria-describedby": about, ...(error ? { "aria-invalid": true } : {}) })}
      {hint ? (
        <div id={`${id}-hint`} className="text-[12px] text-muted">
          {hint}
        </div>
      ) : null}
      {error ? (
        <div id={`${id}-error`} className="text-[12px] text-danger">
          {error}
        </div>
      ) : null}
    </div>
  );
}

export function Check({ label, ...props }: Omit<ComponentProps<"input">, "type"> & { label: ReactNode }) {
  return (
    <label className="flex items-start gap-2 py-0.5">
      <input type="checkbox" {...props} className="mt-0.5 size-4 accent-(--accent)" />
      <span>{label}</span>
    </label>
  );
}
