"use client";

import { ExternalLink } from "lucide-react";
import { useCall } from "../ui/use-call";
import { mailboxUrl } from "./mailbox-url";

/** Away to the mailbox admin, where the password is changed. */
export function MailboxLink({ account }: { account: string }) {
  const settings = useCall("getSettings", {}, { still: true });
  const url = mailboxUrl(settings.data?.mailboxLink ?? null, account);
  if (!url) return null;
  return (
    <a href={url} target="_blank" rel="noreferrer" className="link inline-flex items-center gap-1">
      Mailbox admin <ExternalLink aria-hidden className="size-3.5" />
    </a>
  );
}
