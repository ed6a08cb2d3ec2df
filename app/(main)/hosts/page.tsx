import type { Metadata } from "next";
import { Hosts } from "../../../components/hosts/hosts";

export const metadata: Metadata = { title: "Hosts" };

export default function Page() {
  return <Hosts />;
}
