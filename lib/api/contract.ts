import { z } from "zod";
import * as accounts from "./accounts";
import * as actions from "./actions";
import { hostId, limit, plainText, rawLine, time, window } from "./common";
import * as hosts from "./hosts";
import type { paths } from "./paths";
import * as queue from "./queue";

/** `media` names the media types of an answer that is no JSON; `filters`: the queue's filters are URL parameters too. */
export type Call = {
  query?: z.ZodType;
  body?: z.ZodType;
  answer: z.ZodType;
  open?: true;
  /** Viewers may not ask it, although it changes nothing. */
  admin?: true;
  media?: readonly string[];
  filters?: true;
};

const page = z.object({ limit: limit.optional(), cursor: z.string().max(200).optional() });
const ok = z.object({ ok: z.literal(true) });
export const settings = z.object({
  /** Domains that logins may send from, beside each login's own domain. */
  ownDomains: z.array(plainText(255)).max(1000),
  /** Other senders a login may use: login → addresses or domains. */
  aliases: z.record(z.string(), z.array(plainText(1000))),
  historyDays: z.number().int().min(1).max(3650),
  archiveDays: z.number().int().min(1).max(3650),
  /** A typed word is asked for purges above this many messages. */
  typedAbove: z.number().int().min(0),
  /** Link to the mailbox admin; {account} is replaced, URL-encoded. */
  mailboxLink: plainText(2000).nullable(),
  thresholds: z.record(z.string(), z.number()),
});
export type Settings = z.infer<typeof settings>;

/**
 * The whole contract: what each call of paths.ts takes and answers. Handlers validate by it, the OpenAPI document is
 * made from it, and a test compares what the routes answer with it.
 */
export const contract = {
  health: { answer: z.object({ status: z.enum(["ok", "starting"]) }), open: true },
  openapi: { answer: z.unknown(), open: true },
  metrics: { answer: z.string(), media: ["text/plain"] },
  setupState: { answer: z.object({ needed: z.boolean() }), open: true },
  setup: {
    body: z.strictObject({ token: z.string().max(200), email: z.email(), password: z.string().min(12).max(200) }),
    answer: ok,
    open: true,
  },
  me: {
    answer: z.object({ email: z.string(), role: z.enum(["admin", "viewer"]), demo: z.boolean(), version: z.string() }),
  },
  listUsers: {
    answer: z.array(
      z.object({ id: z.string(), email: z.string(), role: z.enum(["admin", "viewer"]), createdAt: time }),
    ),
  },
  addUser: {
    body: z.strictObject({
      email: z.email(),
      password: z.string().min(12).max(200),
      role: z.enum(["admin", "viewer"]),
    }),
    answer: z.object({ id: z.string() }),
  },
  removeUser: { answer: ok },
  getSettings: { answer: settings },
  putSettings: { body: settings.partial(), answer: settings },

  listHosts: { answer: z.array(hosts.host) },
  addHost: { body: hosts.newHost, answer: hosts.host },
  getHostSettings: {
    answer: hosts.hostSettings.extend({
      id: hostId,
      origin: z.enum(["demo", "environment", "added"]),
      /** Of the confirmed host key, as ssh-keygen -l prints it. */
      fingerprint: z.string(),
      /** The public half of the login's key; null where the key cannot be read. */
      publicKey: z.string().nullable(),
    }),
  },
  changeHost: { body: hosts.hostChange, answer: hosts.host },
  removeHost: { answer: ok },
  scanHost: {
    body: z.strictObject({ address: plainText(255), port: z.number().int().min(1).max(65535) }),
    answer: hosts.scanned,
  },
  makeKey: { answer: hosts.madeKey },
  checkHost: { answer: hosts.hostCheck },
  hostScript: { answer: z.string(), media: ["text/plain"] },
  queueHistory: {
    query: z.object({ hours: z.coerce.number().min(1).max(168).optional() }),
    answer: z.array(hosts.historyPoint),
  },
  listServices: { answer: z.array(hosts.serviceState) },
  service: {
    body: z.strictObject({ op: z.enum(["start", "stop"]), confirm: z.string().optional() }),
    answer: hosts.serviceState,
  },
  /** hold-queue holds every message and new ones; stop-in refuses new mail; stop-out stops deliveries. */
  brake: {
    body: z.strictObject({
      kind: z.enum(["hold-queue", "stop-in", "stop-out"]),
      on: z.boolean(),
      confirm: z.string().optional(),
    }),
    answer: z.object({ kind: z.string(), on: z.boolean(), said: z.string() }),
  },
  suspensionSetup: {
    body: z.strictObject({ op: z.enum(["preview", "apply", "undo"]) }),
    answer: z.object({
      ready: z.boolean(),
      mapType: z.string().nullable(),
      commands: z.array(z.string()),
      services: z.array(z.object({ service: z.string(), asks: z.boolean() })),
    }),
  },

  queue: { query: queue.queueQuery, filters: true, answer: z.union([queue.queueGroups, queue.queueMessages]) },
  message: { query: z.object({ instance: z.string().optional() }), answer: queue.messageView },
  listAccounts: {
    query: window.extend({ limit: limit.optional(), text: plainText(200).optional() }),
    answer: accounts.accountRows,
  },
  account: { query: window, answer: accounts.accountView },
  accountSessions: { query: window.extend(page.shape), answer: accounts.sessions },
  accountTimeline: {
    query: window.extend({ buckets: z.coerce.number().int().min(10).max(2000).optional() }),
    answer: accounts.timeline,
  },
  /** The raw lines behind a number of an account, newest last. */
  accountLines: {
    query: window.extend({
      of: z.enum(accounts.lineKinds),
      session: z.string().max(200).optional(),
      client: plainText(100).optional(),
      /** A network as the timeline and the numbers name it: 192.0.2.0/24, 192.0.0.0/16, 2001:db8::/48. */
      network: plainText(60).optional(),
      provider: plainText(300).optional(),
      country: z
        .string()
        .regex(/^[A-Z]{2}$/)
        .optional(),
      sender: plainText(1000).optional(),
      reason: plainText(2000).optional(),
      helo: plainText(1000).optional(),
      limit: limit.optional(),
      around: z.coerce.number().int().min(0).max(200).optional(),
    }),
    answer: z.object({ lines: z.array(rawLine), total: z.number() }),
  },
  log: {
    query: z.object({
      at: time,
      before: z.coerce.number().int().min(0).max(1000).optional(),
      after: z.coerce.number().int().min(0).max(1000).optional(),
    }),
    answer: z.object({ lines: z.array(rawLine) }),
  },
  unknownLines: {
    answer: z.array(
      z.object({ shape: z.string(), program: z.string(), lines: z.number(), example: z.string(), last: time }),
    ),
  },
  pauseBackfill: { body: z.strictObject({ paused: z.boolean() }), answer: ok },
  getSuspension: { answer: accounts.suspension },
  suspend: {
    body: z.strictObject({ mode: accounts.suspensionMode, reason: plainText(500).optional() }),
    answer: accounts.suspension,
  },
  containPreview: { answer: accounts.contained },
  contain: {
    body: z.strictObject({
      op: z.enum(["contain", "lift"]),
      mode: z.enum(["reject", "hold"]).optional(),
      parts: z
        .array(z.enum(["suspend", "hold-queue-mail", "keep-holding", "end-sessions", "mailbox-command"]))
        .optional(),
      allHosts: z.boolean().optional(),
      reason: plainText(500).optional(),
    }),
    answer: accounts.contained,
  },

  makePlan: { body: actions.newPlan, answer: actions.plan },
  getPlan: { answer: actions.plan },
  runPlan: { body: actions.newAction, answer: z.object({ id: z.string() }) },
  listActions: {
    query: page.extend({ host: hostId.optional(), state: actions.actionState.optional() }),
    answer: actions.actions,
  },
  getAction: { answer: actions.action },
  undoAction: { answer: z.object({ id: z.string() }) },
  cancelAction: { answer: actions.action },
  listArchives: { answer: z.array(actions.archive) },
  deleteArchive: { answer: ok },
  /** All of an account's mail at once: for admins, as taking it away is no looking. */
  downloadArchive: { answer: z.unknown(), media: ["application/x-tar"], admin: true },
  listStanding: { answer: z.array(actions.standing) },
  addStanding: {
    body: z.strictObject({ host: hostId, filter: queue.filter, hours: z.number().min(0.1).max(720).nullable() }),
    answer: actions.standing,
  },
  removeStanding: { answer: ok },
  audit: { query: page, answer: actions.audit },
  exportAudit: { answer: z.string(), media: ["application/x-ndjson"] },
  listAlerts: { query: z.object({ all: z.enum(["0", "1"]).optional() }), answer: z.array(actions.alert) },
  acknowledge: { body: z.strictObject({ note: plainText(2000) }), answer: actions.alert },
  listIncidents: { answer: z.array(actions.incident) },
  openIncident: { body: z.strictObject({ host: hostId, account: plainText(1000) }), answer: actions.incident },
  getIncident: { answer: actions.incident },
  changeIncident: {
    body: z.strictObject({ note: plainText(5000).optional(), close: z.boolean().optional() }),
    answer: actions.incident,
  },
  incidentReport: {
    query: z.object({ format: z.enum(["md", "csv"]) }),
    answer: z.string(),
    media: ["text/markdown", "text/csv"],
  },
  stream: { answer: z.unknown(), media: ["text/event-stream"] },
} satisfies Record<keyof typeof paths, Call>;

export type Contract = typeof contract;
export type CallName = keyof Contract;
