import "server-only";
import { ApiError } from "../../api/errors";
import type { MessageView } from "../../api/queue";
import { readPostcat } from "../../core/message-view";
import { queueId } from "../../core/queue-id";
import { message as readMessage } from "../../remote/queue-verbs";
import { apiErrors } from "../actions/api-errors";
import { host } from "../hosts/registry";
import { messageFromLog } from "./from-log";
import { listingsOf } from "./host-queues";

const iso = (ms: number | null) => (ms === null ? null : new Date(ms).toISOString());

/** One message whole: from its queue file while it is in the queue, and what the log says of it. Throws not_found. */
export const messageOf = (hostId: string, id: string, instance: string | undefined): Promise<MessageView> =>
  apiErrors(async () => {
    const named = queueId(id);
    if (!named) throw new ApiError("bad_request", "That is no queue id.");
    const { conn, probe } = host(hostId);
    if (instance !== undefined && probe && !probe.instances.some(({ name }) => name === instance))
      throw new ApiError("bad_request", "The host has no Postfix instance of that name: leave `instance` out.");
    const listed = listingsOf(hostId).latest?.messages.find(
      (one) => one.id === named && (instance === undefined || one.instance === instance),
    );
    const where = instance ?? listed?.instance ?? probe?.instances[0]?.name ?? "postfix";
    const [file, logged] = await Promise.all([
      readMessage(conn, { instance: where, id: named }).catch((error) => {
        if ((error as { code?: string }).code === "not_found") return null;
        throw error;
      }),
      messageFromLog(hostId, named),
    ]);
    if (!file && !logged) throw new ApiError("not_found", "No message of that id is in the queue or in the log.");
    const shown = file ? readPostcat(file.text, file.bytes > file.text.length) : null;
    const reasons = new Map(listed?.recipients.map((to) => [to.address, to.reason]));
    const arrival = listed?.arrival ?? shown?.envelope.arrival ?? null;
    return {
      instance: where,
      id: named,
      queue: file?.queue ?? null,
      envelope: {
        sender: shown?.envelope.sender ?? logged?.sender ?? null,
        arrival: iso(arrival),
        size: shown?.envelope.size ?? listed?.size ?? null,
        account: shown?.envelope.account ?? logged?.account ?? null,
        client: shown?.envelope.client ?? logged?.client ?? null,
        recipients: (shown?.envelope.recipients ?? []).map((to) => ({
          ...to,
          reason: to.done ? null : (reasons.get(to.address) ?? null),
        })),
        attributes: { ...shown?.envelope.attributes },
      },
      headers: shown?.headers ?? [],
      body: shown ? shown.body : null,
      bodyCut: shown?.bodyCut ?? false,
      deliveries: logged?.deliveries ?? [],
      account: shown?.envelope.account ?? logged?.account ?? null,
      lines: logged?.lines ?? [],
    };
  });
