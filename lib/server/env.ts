import "server-only";
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { z } from "zod";
import { hostId, plainText } from "../api/common";
import { singleton } from "./singleton";

/** A setting of the environment is wrong; the message names the variable and what it wants. */
export class EnvError extends Error {
  override name = "EnvError";
}

const envHost = z.strictObject({
  id: hostId,
  name: plainText(200).min(1).optional(),
  address: plainText(255).regex(/^[A-Za-z0-9.:_-]+$/, "an address or a name of a host"),
  port: z.number().int().min(1).max(65535).default(22),
  user: z
    .string()
    .regex(/^[a-z_][a-z0-9_.-]{0,31}$/i, "a login name")
    .default("root"),
  privateKey: plainText(1000).min(1),
  hostKey: plainText(2000).regex(
    /^(ssh|ecdsa)-[a-z0-9@.-]+ [A-Za-z0-9+/]+=*/,
    "a host key as ssh-keyscan prints it, type and base64",
  ),
  log: plainText(1000).optional(),
  lockedDown: z.boolean().default(false),
});
/** A host of SLUICE_HOSTS; `privateKey` is an absolute path. */
export type EnvHost = z.infer<typeof envHost> & { name: string };

const empty = (given: unknown) => (given === "" ? undefined : given);
const flag = z.preprocess(empty, z.enum(["0", "1", "true", "false"]).default("0"));
const variables = z.object({
  PORT: z.preprocess(empty, z.coerce.number().int().min(1).max(65535).default(3000)),
  HOSTNAME: z.preprocess(
    empty,
    z
      .string()
      .regex(/^[A-Za-z0-9.:_-]+$/, "an address to listen at")
      .default("127.0.0.1"),
  ),
  SLUICE_DATA_DIR: z.preprocess(empty, z.string().default("./data")),
  SLUICE_URL: z.preprocess(
    empty,
    z
      .url({ protocol: /^https?$/, error: "the address of the dashboard, http(s)://…" })
      .refine(
        (url) => !URL.canParse(url) || new URL(url).pathname === "/",
        "without a path: Sluice lives at the root of its address",
      )
      .optional(),
  ),
  SLUICE_ADMIN_EMAIL: z.preprocess(empty, z.email("an e-mail address").optional()),
  SLUICE_ADMIN_PASSWORD: z.preprocess(empty, z.string().min(12, "at least 12 characters").max(200).optional()),
  SLUICE_HOSTS: z.preprocess(empty, z.string().optional()),
  SLUICE_ASN_DB: z.preprocess(empty, z.string().optional()),
  SLUICE_DEMO: flag,
});

export type Env = {
  port: number;
  hostname: string;
  /** Absolute. */
  dataDir: string;
  /** Origin under which browsers reach the dashboard, and whether it was said or is assumed. */
  url: string;
  urlGiven: boolean;
  admin: { email: string; password: string } | null;
  hosts: EnvHost[];
  /** Absolute path of a database of providers (MaxMind's format, by network), or null. */
  asnDb: string | null;
  demo: boolean;
};

/** Reads and checks. Throws EnvError at the first variable that is wrong; values of secrets are never in the message. */
export function parseEnv(given: Record<string, string | undefined>, folder = process.cwd()): Env {
  const read = variables.safeParse(given);
  if (!read.success) {
    const issue = read.error.issues[0];
    throw new EnvError(`${String(issue?.path[0])}: ${issue?.message}`);
  }
  const it = read.data;
  if (it.SLUICE_ADMIN_EMAIL && !it.SLUICE_ADMIN_PASSWORD)
    throw new EnvError("SLUICE_ADMIN_PASSWORD: missing beside SLUICE_ADMIN_EMAIL");
  if (it.SLUICE_ADMIN_PASSWORD && !it.SLUICE_ADMIN_EMAIL)
    throw new EnvError("SLUICE_ADMIN_EMAIL: missing beside SLUICE_ADMIN_PASSWORD");
  const at = it.HOSTNAME === "0.0.0.0" || it.HOSTNAME === "::" ? "127.0.0.1" : it.HOSTNAME;
  return {
    port: it.PORT,
    hostname: it.HOSTNAME,
    dataDir: resolve(folder, it.SLUICE_DATA_DIR),
    url: it.SLUICE_URL ? new URL(it.SLUICE_URL).origin : `http://${at.includes(":") ? `[${at}]` : at}:${it.PORT}`,
    urlGiven: it.SLUICE_URL !== undefined,
    admin:
      it.SLUICE_ADMIN_EMAIL && it.SLUICE_ADMIN_PASSWORD
        ? { email: it.SLUICE_ADMIN_EMAIL.toLowerCase(), password: it.SLUICE_ADMIN_PASSWORD }
        : null,
    hosts: it.SLUICE_HOSTS ? hostsFile(resolve(folder, it.SLUICE_HOSTS)) : [],
    asnDb: it.SLUICE_ASN_DB ? resolve(folder, it.SLUICE_ASN_DB) : null,
    demo: it.SLUICE_DEMO === "1" || it.SLUICE_DEMO === "true",
  };
}

function hostsFile(file: string): EnvHost[] {
  const wrong = (what: string) => new EnvError(`SLUICE_HOSTS: ${file}: ${what}`);
  let json: unknown;
  try {
    json = JSON.parse(readFileSync(file, "utf8"));
  } catch (error) {
    throw wrong(error instanceof SyntaxError ? `not JSON (${error.message})` : (error as Error).message);
  }
  const read = z.array(envHost).safeParse(json);
  if (!read.success) {
    const issue = read.error.issues[0];
    throw wrong(`${issue?.path.join(".") || "the file"}: ${issue?.message}`);
  }
  const seen = new Set<string>();
  for (const { id } of read.data) {
    if (seen.has(id)) throw wrong(`the id ${id} stands twice`);
    seen.add(id);
  }
  return read.data.map((host) => ({
    ...host,
    name: host.name ?? host.id,
    privateKey: resolve(file, "..", host.privateKey),
  }));
}

/** The environment of this process, read once. */
export function env(): Env {
  return singleton("env", () => parseEnv(process.env));
}
