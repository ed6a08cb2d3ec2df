import { cn } from "./cn";

export function Progress({
  done,
  total,
  label,
  tone,
}: {
  done: number;
  total: number;
  label: string;
  tone?: "danger";
}) {
  const share = total > 0 ? Math.min(1, done / total) : 0;
  return (
    <div
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={total}
      aria-valuenow={done}
      className="h-2 overflow-hidden rounded-full bg-sunken"
    >
      <div
        className={cn("h-full rounded-full transition-[width]", tone === "danger" ? "bg-danger" : "bg-accent")}
        style={{ width: `${share * 100}%` }}
      />
    </div>
  );
}
