import "server-only";
import type { Archive } from "../../api/actions";
import { ApiError } from "../../api/errors";
import { deleteArchive, archives as onHost, readArchive } from "../../remote/act-verbs";
import { type ActionRecord, archivedActions, changeAction, findAction } from "../../store/state/actions";
import { audit } from "../audit";
import { host, hosts } from "../hosts/registry";
import { log } from "../log";
import { state } from "../state";
import { apiErrors } from "./api-errors";
import { tarEnd, tarHeader, tarPadding } from "./tar";

const iso = (ms: number) => new Date(ms).toISOString();

/** What stands kept on the host, as the host counts it; also archives that this Sluice does not remember. */
export const listArchives = (hostId: string): Promise<Archive[]> =>
  apiErrors(async () => {
    const sums = new Map<string, Archive>();
    for (const one of await onHost(host(hostId).conn)) {
      const row = findAction(state(), one.action);
      const sum = sums.get(one.action);
      if (sum) {
        sum.messages += one.messages;
        sum.bytes += one.bytes;
      } else if (one.messages > 0)
        sums.set(one.action, {
          action: one.action,
          host: hostId,
          messages: one.messages,
          bytes: one.bytes,
          madeAt: iso(one.made),
          expires: row?.archive_expires ? iso(row.archive_expires) : null,
          kind: one.kind,
        });
    }
    return [...sums.values()].sort((a, b) => (a.madeAt < b.madeAt ? 1 : -1));
  });

function archiveOf(hostId: string, action: string): ActionRecord | undefined {
  if (!/^[a-z0-9][a-z0-9-]{0,63}$/.test(action)) throw new ApiError("bad_request", "That is no id of an action.");
  const row = findAction(state(), action);
  if (row && row.host !== hostId) throw new ApiError("not_found", "This host has no such archive.");
  return row;
}

/** Deletes it for good: the action can no longer be undone. */
export const removeArchive = (hostId: string, action: string, by: string): Promise<void> =>
  apiErrors(async () => {
    const row = archiveOf(hostId, action);
    if (row && ["waiting", "running", "undoing"].includes(row.state))
      throw new ApiError("conflict", "The action is still at work. Wait until it has ended.");
    await audit(by, hostId, "archive delete", { action });
    // First it is no longer offered, then it goes; an undo that began meanwhile needs it.
    const deleted = { archive_deleted_at: Date.now(), undoable: 0 };
    if (row && !changeAction(state(), action, deleted, ["done", "failed", "cancelled", "undone"]))
      throw new ApiError("conflict", "The action is being undone. Wait until that has ended.");
    const gone = await deleteArchive(host(hostId).conn, action);
    await audit(by, hostId, "archive deleted", { action, ...gone });
  });

/** Messages of an archive as a .tar of .eml files, as they come from the host. */
export async function downloadArchive(hostId: string, action: string, by: string): Promise<Response> {
  const row = archiveOf(hostId, action);
  const { conn } = host(hostId);
  await audit(by, hostId, "archive downloaded", { action });
  const stop = new AbortController();
  let wanted: (() => void) | undefined;
  const seconds = (row?.ended_at ?? Date.now()) / 1000;
  const body = new ReadableStream<Uint8Array>(
    {
      start(controller) {
        let parts: Buffer[] = [];
        const room = () =>
          (controller.desiredSize ?? 1) > 0
            ? undefined
            : new Promise<void>((resolve) => {
                wanted = resolve;
              });
        const handler = {
          data: (bytes: Buffer) => void parts.push(Buffer.from(bytes)),
          message: ({ instance, id }: { instance: string; id: string }) => {
            const eml = Buffer.concat(parts);
            parts = [];
            controller.enqueue(
              Buffer.concat([tarHeader(`${instance}/${id}.eml`, eml.length, seconds), eml, tarPadding(eml.length)]),
            );
          },
          pace: room,
        };
        readArchive(conn, action, "eml", handler, { signal: stop.signal, deadline: 3_600_000 }).then(
          () => {
            controller.enqueue(tarEnd);
            controller.close();
          },
          (error: Error) => controller.error(error),
        );
      },
      pull: () => wanted?.(),
      cancel: () => stop.abort(),
    },
    { highWaterMark: 4 },
  );
  return new Response(body, {
    headers: {
      "content-type": "application/x-tar",
      "content-disposition": `attachment; filename="${action}.tar"`,
      "cache-control": "no-store",
      "x-content-type-options": "nosniff",
    },
  });
}

/** Deletes archives whose time is over; hourly, and when Sluice starts. What fails is tried again the next hour. */
export async function expireArchives(): Promise<void> {
  for (const { id } of hosts())
    for (const row of archivedActions(state(), id, Date.now()))
      await removeArchive(id, row.id, "sluice").catch((error) =>
        log.warn({ err: error, action: row.id }, "expired archive not deleted"),
      );
}
