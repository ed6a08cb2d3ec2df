import type { Metadata } from "next";
import { Incidents } from "../../../components/incidents/incidents";

export const metadata: Metadata = { title: "Incidents" };

export default function Page() {
  return <Incidents />;
}
