import type { ReactNode } from "react";
import { cn } from "./cn";

export function Stat({
  label,
  value,
  sub,
  tone,
  onPress,
}: {
  label: string;
  value: ReactNode;
  sub?: ReactNode;
  tone?: "danger" | "warn";
  /** Where the number leads to. */
  onPress?: () => void;
}) {
  const inner = (
    <>
      <span className="label block">{label}</span>
      <span
        className={cn(
          "block font-semibold text-[18px] leading-6",
          tone === "danger" && "text-danger",
          tone === "warn" && "text-warn",
          onPress && "underline decoration-strong-line decoration-dotted underline-offset-4",
        )}
      >
        {value}
      </span>
      {sub ? <span className="block text-[12px] text-muted">{sub}</span> : null}
    </>
  );
  if (!onPress) return <div className="min-w-0 px-3 py-2">{inner}</div>;
  return (
    <button
      type="button"
      onClick={onPress}
      className="flex min-w-0 flex-col items-start justify-start px-3 py-2 text-left -outline-offset-2 hover:bg-sunken"
    >
      {inner}
    </button>
  );
}
