import { expect, test } from "vitest";
import { cn } from "./cn";

test("a later class of the same kind wins, others stay", () => {
  expect(cn("h-8 w-full px-2 text-muted", "w-auto", false, "text-text")).toBe("h-8 px-2 w-auto text-text");
  expect(cn("bg-surface hover:bg-sunken text-[12px]", "bg-accent-soft text-danger")).toBe(
    "hover:bg-sunken text-[12px] bg-accent-soft text-danger",
  );
});
