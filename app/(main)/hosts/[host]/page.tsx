import type { Metadata } from "next";
import { HostPage } from "../../../../components/hosts/host";

export const metadata: Metadata = { title: "Host" };

export default function Page() {
  return <HostPage />;
}
