"use client";

import { Monitor, Moon, Sun } from "lucide-react";
import { useEffect, useState } from "react";
import { Button } from "../ui/button";

const themes = ["system", "light", "dark"] as const;
type Theme = (typeof themes)[number];

export function ThemeToggle() {
  const [theme, setTheme] = useState<Theme>("system");
  useEffect(() => {
    const kept = localStorage.getItem("theme");
    if (kept === "light" || kept === "dark") setTheme(kept);
  }, []);
  const next = themes[(themes.indexOf(theme) + 1) % themes.length] ?? "system";
  const Icon = { system: Monitor, light: Sun, dark: Moon }[theme];
  return (
    <Button
      size="icon"
      look="ghost"
      aria-label={`Theme: ${theme}. Change to ${next}`}
      onClick={() => {
        setTheme(next);
        if (next === "system") {
          localStorage.removeItem("theme");
          delete document.documentElement.dataset.theme;
        } else {
          localStorage.setItem("theme", next);
          document.documentElement.dataset.theme = next;
        }
      }}
    >
      <Icon aria-hidden />
    </Button>
  );
}
