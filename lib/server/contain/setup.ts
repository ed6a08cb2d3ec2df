import "server-only";
import { lookAtAccess, setUpAccess } from "../../remote/access-verbs";
import { apiErrors } from "../actions/api-errors";
import { audit } from "../audit";
import { host } from "../hosts/registry";
import { accessOf } from "./suspension";

/** Makes Postfix ask Sluice's access table (or shows how, or takes it away): every command, in order. */
export const suspensionSetup = (hostId: string, op: "preview" | "apply" | "undo", by: string) =>
  apiErrors(async () => {
    const { conn } = host(hostId);
    if (op !== "preview") await audit(by, hostId, `suspension set-up ${op}`, {});
    const commands = (await setUpAccess(conn, op)).map(({ command }) => command);
    if (op !== "preview") await audit(by, hostId, `suspension set-up ${op} done`, { commands });
    const services = await lookAtAccess(conn);
    return {
      ready: (await accessOf(hostId)).ready,
      mapType: services[0]?.mapType || null,
      commands,
      services: services
        .filter((one) => one.logins)
        .map((one) => ({
          service: services.some((other) => other.instance !== one.instance)
            ? `${one.instance} ${one.service}`
            : one.service,
          asks: one.asks && one.ready,
        })),
    };
  });
