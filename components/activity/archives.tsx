"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import type { Archive } from "../../lib/api/actions";
import { call, urlOf } from "../../lib/api/client";
import { verbs } from "../action/words";
import { Button } from "../ui/button";
import { Card } from "../ui/card";
import { Dialog } from "../ui/dialog";
import { formatBytes, formatCount, plural } from "../ui/format";
import { Empty, ErrorState, Loading } from "../ui/states";
import { Table, Td, Th } from "../ui/table";
import { TimeAgo } from "../ui/time-ago";
import { useCall } from "../ui/use-call";

/** Mail taken off the queues, host by host: size, expiry, download, early deletion. */
export function Archives() {
  const hosts = useCall("listHosts");
  if (hosts.isPending) return <Loading />;
  if (!hosts.data) return <ErrorState error={hosts.error} retry={() => hosts.refetch()} />;
  return (
    <div className="grid gap-3">
      {hosts.data.map((host) => (
        <HostArchives key={host.id} host={host.id} name={host.name} />
      ))}
      {hosts.data.length === 0 ? <Empty title="No mail host yet" /> : null}
    </div>
  );
}

function HostArchives({ host, name }: { host: string; name: string }) {
  const answer = useCall("listArchives", { params: { host } });
  const me = useCall("me");
  const [chosen, setChosen] = useState<Archive | null>(null);
  const sum = answer.data?.reduce((bytes, one) => bytes + one.bytes, 0) ?? 0;
  return (
    <Card
      title={name}
      side={answer.data?.length ? <span className="text-muted">{formatBytes(sum)} in all</span> : null}
      flush
    >
      {answer.isError ? <ErrorState error={answer.error} retry={() => answer.refetch()} /> : null}
      {answer.isPending ? <Loading rows={2} /> : null}
      {answer.data?.length === 0 ? <p className="p-3 text-muted">No archive on this host.</p> : null}
      {answer.data?.length ? (
        <Table label={`Archives of ${name}`}>
          <thead>
            <tr>
              <Th>Made</Th>
              <Th>By action</Th>
              <Th end>Messages</Th>
              <Th end>Size</Th>
              <Th>Deleted</Th>
              <Th>
                <span className="sr-only">What can be done</span>
              </Th>
            </tr>
          </thead>
          <tbody>
            {answer.data.map((one) => (
              <tr key={one.action}>
                <Td className="whitespace-nowrap">
                  <TimeAgo at={one.madeAt} />
                </Td>
                <Td>
                  {verbs[one.kind].label} <span className="font-mono text-[12px] text-muted">{one.action}</span>
                </Td>
                <Td end>{formatCount(one.messages)}</Td>
                <Td end>{formatBytes(one.bytes)}</Td>
                <Td className="whitespace-nowrap">
                  {one.expires ? <TimeAgo at={one.expires} /> : "kept until deleted"}
                </Td>
                <Td end className="whitespace-nowrap">
                  {me.data?.role === "admin" ? (
                    <a
                      className="link mr-3"
                      href={urlOf("downloadArchive", { params: { host, action: one.action } })}
                      download={`${host}-${one.action}.tar`}
                      aria-label={`Download archive ${one.action}`}
                    >
                      Download
                    </a>
                  ) : null}
                  <Button
                    size="small"
                    look="danger-plain"
                    aria-label={`Delete archive ${one.action}`}
                    onClick={() => setChosen(one)}
                  >
                    Delete
                  </Button>
                </Td>
              </tr>
            ))}
          </tbody>
        </Table>
      ) : null}
      {chosen ? <DeleteArchive archive={chosen} onClose={() => setChosen(null)} /> : null}
    </Card>
  );
}

function DeleteArchive({ archive, onClose }: { archive: Archive; onClose: () => void }) {
  const client = useQueryClient();
  const remove = useMutation({
    mutationFn: () => call("deleteArchive", { params: { host: archive.host, action: archive.action } }),
    onSuccess: () => {
      void client.invalidateQueries();
      onClose();
    },
  });
  return (
    <Dialog
      open
      onClose={onClose}
      title={`Delete the archive of ${plural(archive.messages, "message")}?`}
      foot={
        <>
          <Button onClick={onClose}>Keep it</Button>
          <Button look="danger" busy={remove.isPending} onClick={() => remove.mutate()}>
            Delete for good
          </Button>
        </>
      }
    >
      {remove.isError ? <ErrorState error={remove.error} compact /> : null}
      <p>This mail cannot be brought back afterwards. The action can no longer be undone.</p>
    </Dialog>
  );
}
