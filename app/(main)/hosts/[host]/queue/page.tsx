import type { Metadata } from "next";
import { QueuePage } from "../../../../../components/queue/queue";

export const metadata: Metadata = { title: "Queue" };

export default function Page() {
  return <QueuePage />;
}
