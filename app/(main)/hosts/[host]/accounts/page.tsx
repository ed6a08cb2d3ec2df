import type { Metadata } from "next";
import { Accounts } from "../../../../../components/account/accounts";

export const metadata: Metadata = { title: "Accounts" };

export default function Page() {
  return <Accounts />;
}
