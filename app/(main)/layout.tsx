import { type ReactNode, Suspense } from "react";
import { Providers } from "../../components/shell/providers";
import { Shell } from "../../components/shell/shell";
import { Loading } from "../../components/ui/states";

export default function Layout({ children }: { children: ReactNode }) {
  return (
    <Providers>
      <Suspense>
        <Shell>
          <Suspense fallback={<Loading rows={8} />}>{children}</Suspense>
        </Shell>
      </Suspense>
    </Providers>
  );
}
