import type { Metadata } from "next";
import { SetUp } from "../../components/sign-in/set-up";

export const metadata: Metadata = { title: "First admin" };

export default function Page() {
  return <SetUp />;
}
