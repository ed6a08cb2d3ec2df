"use client";

import { Activity, Gauge, Menu, Server, Settings, ShieldAlert } from "lucide-react";
import { usePathname } from "next/navigation";
import { type ReactNode, useEffect, useState } from "react";
import { Button } from "../ui/button";
import { cn } from "../ui/cn";
import { Link } from "../ui/link";
import { Loading } from "../ui/states";
import { useCall } from "../ui/use-call";
import { useHydrated } from "../ui/use-hydrated";
import { Banners } from "./banners";
import { HostSwitcher } from "./host-switcher";
import { LiveMark } from "./live-mark";
import { ThemeToggle } from "./theme-toggle";
import { UserMenu } from "./user-menu";

const pages = [
  ["/", "Overview", Gauge],
  ["/activity", "Activity", Activity],
  ["/incidents", "Incidents", ShieldAlert],
  ["/hosts", "Hosts", Server],
  ["/settings", "Settings", Settings],
] as const;

export function Shell({ children }: { children: ReactNode }) {
  const path = usePathname();
  const [open, setOpen] = useState(false);
  const hydrated = useHydrated();
  useSearchKey();
  useAlertTitle();
  return (
    <div className="min-h-dvh">
      <a
        href="#main"
        className="sr-only z-50 rounded-md bg-accent px-3 py-2 text-on-accent focus:not-sr-only focus:fixed focus:top-2 focus:left-2"
      >
        Skip to content
      </a>
      <header className="sticky top-0 z-30 border-b bg-surface">
        <div className="mx-auto flex h-12 max-w-[100rem] items-center gap-2 px-3 sm:px-4">
          <Button
            size="icon"
            look="ghost"
            className="md:hidden"
            aria-label="Menu"
            aria-expanded={open}
            aria-controls="pages"
            onClick={() => setOpen(!open)}
          >
            <Menu aria-hidden />
          </Button>
          <Link href="/" className="mr-2 flex items-center gap-2 font-semibold text-[15px]">
            <Mark /> Sluice
          </Link>
          <nav
            id="pages"
            aria-label="Pages"
            className={cn(
              "max-md:absolute max-md:inset-x-0 max-md:top-12 max-md:flex-col max-md:border-b max-md:bg-surface max-md:p-2 md:flex",
              open ? "flex" : "max-md:hidden",
            )}
          >
            {pages.map(([href, label, Icon]) => {
              const here = href === "/" ? path === "/" : path === href || path.startsWith(`${href}/`);
              return (
                <Link
                  key={href}
                  href={href}
                  onClick={() => setOpen(false)}
                  aria-current={here ? "page" : undefined}
                  className={cn(
                    "flex items-center gap-1.5 rounded-md px-2.5 py-1.5 text-muted hover:bg-sunken hover:text-text",
                    here && "bg-sunken font-medium text-text",
                  )}
                >
                  <Icon aria-hidden className="size-4" />
                  {label}
                </Link>
              );
            })}
          </nav>
          <div className="ml-auto flex min-w-0 items-center gap-1 sm:gap-2">
            {hydrated ? <HostSwitcher /> : null}
            {hydrated ? <LiveMark /> : null}
            <ThemeToggle />
            {hydrated ? <UserMenu /> : null}
          </div>
        </div>
      </header>
      {hydrated ? <Banners /> : null}
      <main id="main" tabIndex={-1} className="mx-auto max-w-[100rem] px-3 py-4 outline-none sm:px-4">
        {hydrated ? children : <Loading rows={8} />}
      </main>
      {/* DB-IP's licence asks for this link wherever a country is shown. */}
      <footer className="mx-auto max-w-[100rem] px-3 pb-4 text-[12px] text-muted sm:px-4">
        <a href="https://db-ip.com" className="link" rel="noreferrer" target="_blank">
          IP geolocation by DB-IP
        </a>
      </footer>
    </div>
  );
}

function Mark() {
  return (
    <svg viewBox="0 0 20 20" className="size-5 text-accent" aria-hidden>
      <path d="M2 3h3v14H2zM15 3h3v14h-3z" fill="currentColor" />
      <path d="M6 3h8v6H6z" fill="currentColor" opacity=".55" />
      <path d="M6 13q2-2 4 0t4 0M6 16.5q2-2 4 0t4 0" fill="none" stroke="currentColor" strokeWidth="1.5" />
    </svg>
  );
}

/** "/" goes to the page's search field, unless something is being typed. */
function useSearchKey() {
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey) return;
      const target = event.target as HTMLElement;
      if (target.closest("input, textarea, select, [contenteditable]")) return;
      const field = document.querySelector<HTMLInputElement>("main [data-search]");
      if (!field) return;
      event.preventDefault();
      field.focus();
      field.select();
    };
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  }, []);
}

/** How many alerts wait, in the browser's tab. */
function useAlertTitle() {
  const alerts = useCall("listAlerts", { query: {} });
  const open = alerts.data?.filter((one) => !one.acknowledged).length ?? 0;
  const path = usePathname();
  // biome-ignore lint/correctness/useExhaustiveDependencies: another page sets another title
  useEffect(() => {
    const plain = document.title.replace(/^\(\d+\) /, "");
    document.title = open ? `(${open}) ${plain}` : plain;
  }, [open, path]);
}
