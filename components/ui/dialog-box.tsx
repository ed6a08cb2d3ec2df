"use client";

import { Dialog as Base } from "@base-ui/react/dialog";
import { X } from "lucide-react";
import type { ReactNode } from "react";
import { cn } from "./cn";

/**
 * A dialog that traps the focus and gives it back. `side` opens it as a drawer at the right edge; on a phone both
 * fill the width.
 */
export function DialogBox({
  open,
  onClose,
  title,
  sub,
  children,
  foot,
  side,
  wide,
  locked,
}: {
  open: boolean;
  onClose: () => void;
  title: ReactNode;
  sub?: ReactNode;
  children: ReactNode;
  foot?: ReactNode;
  side?: boolean;
  wide?: boolean;
  /** A click outside does not close it. */
  locked?: boolean;
}) {
  return (
    <Base.Root open={open} onOpenChange={(next) => !next && onClose()} disablePointerDismissal={locked}>
      <Base.Portal>
        <Base.Backdrop className="fixed inset-0 z-40 bg-black/45" />
        <Base.Popup
          className={cn(
            "fixed z-50 flex flex-col border bg-surface shadow-xl outline-none",
            side
              ? "inset-y-0 right-0 w-full max-w-[46rem] border-l"
              : "inset-x-0 bottom-0 mx-auto max-h-[92dvh] w-full rounded-t-lg sm:inset-y-0 sm:my-auto sm:h-fit sm:rounded-lg",
            !side && (wide ? "sm:max-w-3xl" : "sm:max-w-lg"),
          )}
        >
          <div className="flex items-start justify-between gap-3 border-b px-4 py-3">
            <div className="min-w-0">
              <Base.Title className="break-words font-semibold text-[16px]">{title}</Base.Title>
              {sub ? (
                <Base.Description render={<div />} className="text-muted">
                  {sub}
                </Base.Description>
              ) : null}
            </div>
            <Base.Close
              aria-label="Close"
              className="-mr-1 inline-flex size-8 shrink-0 items-center justify-center rounded-md hover:bg-sunken"
            >
              <X className="size-4" aria-hidden />
            </Base.Close>
          </div>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard */}
          <section aria-label="Content" tabIndex={0} className="min-h-0 flex-1 overflow-auto p-4 -outline-offset-2">
            {children}
          </section>
          {foot ? <div className="flex flex-wrap items-center justify-end gap-2 border-t px-4 py-3">{foot}</div> : null}
        </Base.Popup>
      </Base.Portal>
    </Base.Root>
  );
}
