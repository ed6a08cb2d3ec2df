import { cva, type VariantProps } from "class-variance-authority";
import type { ComponentProps } from "react";
import { cn } from "./cn";

const badge = cva("inline-flex items-center gap-1 whitespace-nowrap rounded-sm px-1.5 py-px font-medium text-[12px]", {
  variants: {
    tone: {
      neutral: "bg-sunken text-muted",
      accent: "bg-accent-soft text-accent",
      good: "bg-good-soft text-good",
      warn: "bg-warn-soft text-warn",
      danger: "bg-danger-soft text-danger",
      solid: "bg-danger text-on-danger",
    },
  },
  defaultVariants: { tone: "neutral" },
});
export type Tone = NonNullable<VariantProps<typeof badge>["tone"]>;

export function Badge({ tone, className, ...props }: ComponentProps<"span"> & { tone?: Tone }) {
  return <span {...props} className={cn(badge({ tone }), className)} />;
}
