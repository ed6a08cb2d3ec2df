import { cva, type VariantProps } from "class-variance-authority";
import type { ComponentProps } from "react";
import { cn } from "./cn";
import { Link } from "./link";

const button = cva(
  "inline-flex items-center justify-center gap-1.5 whitespace-nowrap rounded-md font-medium transition-colors disabled:cursor-not-allowed disabled:opacity-50 [&_svg]:size-4 [&_svg]:shrink-0",
  {
    variants: {
      look: {
        plain: "border border-strong-line/60 bg-surface text-text hover:bg-sunken",
        primary: "bg-accent text-on-accent hover:opacity-90",
        danger: "bg-danger text-on-danger hover:opacity-90",
        "danger-plain": "border border-danger/60 bg-surface text-danger hover:bg-danger-soft",
        ghost: "text-text hover:bg-sunken",
      },
      size: { normal: "h-8 px-3 text-[13px]", small: "h-7 px-2 text-[12px]", icon: "size-8", large: "h-10 px-4" },
    },
    defaultVariants: { look: "plain", size: "normal" },
  },
);
type Look = VariantProps<typeof button>;

export function Button({
  look,
  size,
  className,
  busy,
  disabled,
  ...props
}: ComponentProps<"button"> & Look & { busy?: boolean }) {
  return (
    <button
      type="button"
      {...props}
      disabled={disabled || busy}
      aria-busy={busy || undefined}
      className={cn(button({ look, size }), busy && "animate-pulse", className)}
    />
  );
}

export function LinkButton({ look, size, className, ...props }: ComponentProps<typeof Link> & Look) {
  return <Link {...props} className={cn(button({ look, size }), className)} />;
}
