import type { ReactNode } from "react";

export function Frame({ title, sub, children }: { title: string; sub?: ReactNode; children: ReactNode }) {
  return (
    <main className="mx-auto grid min-h-dvh w-full max-w-sm content-center gap-4 px-4 py-10">
      <div>
        <p className="font-semibold text-accent">Sluice</p>
        <h1 className="font-semibold text-[20px]">{title}</h1>
        {sub ? <p className="text-muted">{sub}</p> : null}
      </div>
      <div className="rounded-lg border bg-surface p-4">{children}</div>
    </main>
  );
}
