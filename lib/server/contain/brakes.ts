import "server-only";
import { ApiError } from "../../api/errors";
import type { ServiceState } from "../../api/hosts";
import { release } from "../../remote/act-verbs";
import { type BrakeKind, brakes, services, setBrake, setService } from "../../remote/host-verbs";
import { brakesOf, dropBrake, storeBrake } from "../../store/state/brakes";
import { noteHeld } from "../../store/state/held";
import { apiErrors } from "../actions/api-errors";
import { audit } from "../audit";
import { publish } from "../bus";
import { host } from "../hosts/registry";
import { state } from "../state";
import { staysHeld } from "./stays-held";

/** A brake is put on by typing the host's name; taking it off needs no word. */
export const brake = (hostId: string, kind: BrakeKind, on: boolean, confirm: string | undefined, by: string) =>
  apiErrors(async () => {
    const { conn, name } = host(hostId);
    if (on && confirm !== name && confirm !== hostId)
      throw new ApiError("confirm_needed", `To confirm, type the host's name: ${name}`);
    await audit(by, hostId, `brake ${kind} ${on ? "on" : "off"}`, {});
    // Looked at first: where that fails, the brake stays on and no list is lost.
    const stays = kind === "hold-queue" && !on ? await staysHeld(hostId) : new Map();
    const since = Date.now();
    const { outcomes, held } = await setBrake(conn, kind, on ? "on" : "off");
    if (on) storeBrake(state(), { host: hostId, kind, since, made_by: by, undo: "{}" });
    else dropBrake(state(), hostId, kind);
    // Only what came into hold since the brake went on and nothing else wants there; what was held before stays held.
    const staying = held.flatMap((one) => stays.get(`${one.instance}/${one.id}`) ?? []);
    noteHeld(
      state(),
      hostId,
      staying.filter(({ forAccount }) => forAccount),
    );
    const freed = held.filter((one) => !stays.has(`${one.instance}/${one.id}`));
    const released = freed.length > 0 ? await release(conn, freed) : [];
    const free = released.filter(({ outcome }) => outcome === "released").length;
    const already = outcomes.every(({ outcome }) => outcome === "already");
    const said = sentence(kind, on, already, free, staying.length);
    await audit(by, hostId, `brake ${kind} ${on ? "on" : "off"} done`, {
      outcomes,
      released: free,
      stay: staying.length,
    });
    publish("host", { id: hostId });
    return { kind, on, said };
  });

function sentence(kind: BrakeKind, on: boolean, already: boolean, free: number, stay: number): string {
  if (already && free === 0) return on ? "It was on already." : "It was off already.";
  if (kind === "hold-queue")
    return on
      ? "All queued mail is on hold, and so is what comes."
      : `Off: ${free} ${free === 1 ? "message that was" : "messages that were"} held since released.${stay > 0 ? ` ${stay} stay on hold: a hold that is in force has them.` : ""}`;
  if (kind === "stop-in") return on ? "Postfix takes no new mail." : "Postfix takes mail again.";
  return on ? "Nothing is delivered; mail waits in the queue." : "Mail is delivered again.";
}

export const listServices = (hostId: string): Promise<ServiceState[]> => apiErrors(() => services(host(hostId).conn));

/**
 * Starts or stops Postfix (an instance) or Dovecot; the answer is what is seen afterwards. A `confirm` that is given must
 * be the service's or the host's name; the page always asks for it.
 */
export const service = (
  hostId: string,
  name: string,
  op: "start" | "stop",
  confirm: string | undefined,
  by: string,
): Promise<ServiceState> =>
  apiErrors(async () => {
    const { conn, name: hostName } = host(hostId);
    if (op === "stop" && confirm !== undefined && ![name, hostName, hostId].includes(confirm))
      throw new ApiError("confirm_needed", `To confirm, type the host's name: ${hostName}`);
    await audit(by, hostId, `service ${op}`, { service: name });
    const seen = await setService(conn, name, op, { deadline: 120_000 });
    const kind = name === "dovecot" ? "dovecot-stopped" : "postfix-stopped";
    if (seen.running) dropBrake(state(), hostId, kind);
    else if (op === "stop") storeBrake(state(), { host: hostId, kind, since: Date.now(), made_by: by, undo: "{}" });
    await audit(by, hostId, `service ${op} done`, { service: name, running: seen.running });
    publish("host", { id: hostId });
    return seen;
  });

/** Takes over what the host itself says: a brake that was put on or taken off elsewhere. */
export async function syncBrakes(hostId: string): Promise<void> {
  const seen = await brakes(host(hostId).conn);
  const known = brakesOf(state(), hostId).filter(({ kind }) => !kind.endsWith("-stopped"));
  for (const row of known) if (!seen.some((one) => one.brake === row.kind)) dropBrake(state(), hostId, row.kind);
  for (const one of seen)
    storeBrake(state(), { host: hostId, kind: one.brake, since: one.since, made_by: "unknown", undo: "{}" });
}
