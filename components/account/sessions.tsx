"use client";

import { useInfiniteQuery } from "@tanstack/react-query";
import { ChevronRight } from "lucide-react";
import { Fragment, useState } from "react";
import type { Session } from "../../lib/api/accounts";
import { call } from "../../lib/api/client";
import { Button } from "../ui/button";
import { Card } from "../ui/card";
import { cn } from "../ui/cn";
import { formatBytes, formatCount } from "../ui/format";
import { Link } from "../ui/link";
import { usePolling } from "../ui/live";
import { Raw } from "../ui/raw";
import { Empty, ErrorState, Loading } from "../ui/states";
import { NewerPill, useSteady } from "../ui/steady";
import { Table, Td, Th } from "../ui/table";
import { Time } from "../ui/time-ago";
import { useUrlState } from "../ui/url-state";
import type { Window } from "../ui/window-select";
import { noLines } from "./line-kinds";

type Props = { host: string; account: string; window: Window };

export function Sessions({ host, account, window }: Props) {
  const polling = usePolling();
  const answer = useInfiniteQuery({
    queryKey: ["accountSessions", { host, account }, window],
    queryFn: ({ pageParam, signal }) =>
      call("accountSessions", {
        params: { host, account },
        query: { ...window, limit: 50, cursor: pageParam },
        signal,
      }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.next ?? undefined,
    refetchInterval: polling ? 10_000 : false,
  });
  const steady = useSteady(answer.data, JSON.stringify([host, account, window, answer.data?.pages.length]));
  const sessions = steady.value?.pages.flatMap((page) => page.sessions) ?? [];
  return (
    <Card title="Sessions" side={<NewerPill {...steady} />} flush>
      {answer.isError ? <ErrorState error={answer.error} retry={() => answer.refetch()} /> : null}
      {answer.isPending ? <Loading rows={6} /> : null}
      {answer.data && sessions.length === 0 ? (
        <Empty title="No session in this window">Choose a longer window.</Empty>
      ) : null}
      {sessions.length ? (
        <div {...steady.bind}>
          <Table label="Sessions">
            <thead>
              <tr>
                <Th>Start</Th>
                <Th>End</Th>
                <Th>Client</Th>
                <Th>Country</Th>
                <Th>HELO</Th>
                <Th>Service</Th>
                <Th end>Logins</Th>
                <Th end>Messages</Th>
                <Th end>Rejects</Th>
              </tr>
            </thead>
            <tbody>
              {sessions.map((session) => (
                <SessionRow key={session.key} host={host} session={session} />
              ))}
            </tbody>
          </Table>
        </div>
      ) : null}
      {answer.hasNextPage ? (
        <div className="p-2 text-center">
          <Button busy={answer.isFetchingNextPage} onClick={() => answer.fetchNextPage()}>
            Older sessions
          </Button>
        </div>
      ) : null}
    </Card>
  );
}

function SessionRow({ host, session }: { host: string; session: Session }) {
  const [open, setOpen] = useState(false);
  const { set } = useUrlState();
  const lines = (of: string) => set({ ...noLines, lines: of, session: session.key }, "push");
  return (
    <Fragment>
      <tr className="hover:bg-sunken/60">
        <Td className="whitespace-nowrap">
          <button
            type="button"
            aria-expanded={open}
            aria-label={`Session of ${session.client.address}, ${session.start}`}
            onClick={() => setOpen(!open)}
            className="inline-flex items-center gap-1"
          >
            <ChevronRight aria-hidden className={cn("size-4 transition-transform", open && "rotate-90")} />
            <Time at={session.start} />
          </button>
        </Td>
        <Td className="whitespace-nowrap">
          {session.end ? <Time at={session.end} /> : <span className="text-warn">open</span>}
        </Td>
        <Td>
          <Raw mono>{session.client.address}</Raw>
          <Raw className="ml-1 text-[12px] text-muted" empty="">
            {session.client.name}
          </Raw>
        </Td>
        <Td>{session.country ?? "–"}</Td>
        <Td className="max-w-40 truncate">
          <Raw title empty="–">
            {session.helo}
          </Raw>
        </Td>
        <Td>
          <Raw>{session.service}</Raw>
        </Td>
        <Td end>
          {session.authOk}/{session.authTried}
        </Td>
        <Td end>
          <button type="button" className="link" onClick={() => lines("messages")}>
            {formatCount(session.messageCount)}
          </button>
        </Td>
        <Td end>
          <button type="button" className="link" onClick={() => lines("rejects")}>
            {formatCount(session.rejectCount)}
          </button>
        </Td>
      </tr>
      {open ? (
        <tr>
          <Td colSpan={9} className="bg-sunken/50">
            <SessionDetail host={host} session={session} />
            <Button size="small" className="mt-2" onClick={() => lines("sessions")}>
              Log lines of this session
            </Button>
          </Td>
        </tr>
      ) : null}
    </Fragment>
  );
}

function SessionDetail({ host, session }: { host: string; session: Session }) {
  return (
    <div className="grid gap-2">
      {session.messages.length ? (
        <ul aria-label="Messages of the session" className="grid gap-0.5">
          {session.messages.map((message) => (
            <li key={`${message.id} ${message.at}`} className="flex flex-wrap gap-x-3">
              <Time at={message.at} className="text-muted" />
              <Link
                href={`/hosts/${host}/queue?id=${encodeURIComponent(message.id)}`}
                className="link font-mono text-[12.5px]"
              >
                {message.id}
              </Link>
              <Raw empty="null sender">{message.sender}</Raw>
              <span className="text-muted">
                {formatCount(message.recipients)} rcpt{message.size === null ? "" : `, ${formatBytes(message.size)}`}:{" "}
                {message.outcome.sent} sent, {message.outcome.deferred} deferred, {message.outcome.bounced} bounced
              </span>
              {message.subject ? <Raw>{message.subject}</Raw> : null}
            </li>
          ))}
        </ul>
      ) : null}
      {session.messageCount > session.messages.length ? (
        <p className="text-muted">
          {formatCount(session.messageCount - session.messages.length)} more in the log lines.
        </p>
      ) : null}
      {session.rejects.length ? (
        <ul aria-label="Rejects of the session" className="grid gap-0.5">
          {session.rejects.map((reject, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: the same reject comes many times
            <li key={index} className="flex flex-wrap gap-x-3">
              <Time at={reject.at} className="text-muted" />
              <span className="text-danger">
                {reject.stage} {reject.code}
              </span>
              <Raw className="min-w-0 break-words">{reject.reason}</Raw>
              <Raw empty="">{reject.recipient}</Raw>
            </li>
          ))}
        </ul>
      ) : null}
    </div>
  );
}
