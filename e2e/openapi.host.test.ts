import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { admin, type Dashboard, hostEntry, startDashboard } from "./dashboard";
import { type MailHost, startMailHost } from "./mailhost/host";
import { oracle } from "./mailhost/oracle";
import { attack, honest } from "./mailhost/traffic";
import { until } from "./until";

type Schema = Parameters<typeof z.fromJSONSchema>[0];
type Content = Record<string, { schema: Schema }>;
type Operation = {
  operationId: string;
  security: unknown[];
  parameters: { name: string; in: string }[];
  requestBody?: { content: Content };
  responses: { 200: { content: Content }; default: { content: Content } };
};
type Document = { openapi: string; paths: Record<string, Record<string, Operation>> };
type Asked = { params?: Record<string, string>; query?: string; body?: unknown };

let host: MailHost;
let dashboard: Dashboard;
let document: Document;
const operations = new Map<string, Operation & { method: string; path: string }>();
const seen = new Set<string>();
const account = "stolen@example.com";

/** Makes a call by its id in the document and holds its answer against the document. */
async function ask<T = unknown>(name: string, { params = {}, query = "", body }: Asked = {}): Promise<T> {
  const found = operations.get(name);
  if (!found) throw new Error(`the document has no ${name}`);
  const path = found.path.replace(/\{(\w+)\}/g, (_, key: string) => encodeURIComponent(params[key] ?? host.name));
  if (body !== undefined) {
    const schema = found.requestBody?.content["application/json"]?.schema;
    expect(schema, `${name} takes a body`).toBeDefined();
    expect(problems(schema as Schema, body), `body of ${name}`).toEqual([]);
  }
  for (const key of new URLSearchParams(query).keys())
    expect(
      found.parameters.map((one) => one.name),
      `query of ${name}`,
    ).toContain(key);
  const answer = await dashboard.call(found.method, query ? `${path}?${query}` : path, body);
  const text = await answer.text();
  expect(answer.status, `${name}: ${text.slice(0, 500)}`).toBe(200);
  const type = answer.headers.get("content-type")?.split(";")[0] ?? "";
  const content = found.responses[200].content[type];
  expect(content, `${name} answers ${type}`).toBeDefined();
  const read = type === "application/json" ? JSON.parse(text) : text;
  expect(problems(content?.schema as Schema, read), `${name}: ${text.slice(0, 2000)}`).toEqual([]);
  seen.add(name);
  return read as T;
}

const problems = (schema: Schema, value: unknown) => {
  const read = z.fromJSONSchema(schema).safeParse(value);
  return read.success ? [] : read.error.issues.map((issue) => `${issue.path.join(".")}: ${issue.message}`);
};

beforeAll(async () => {
  host = await startMailHost({ log: "syslog" });
  await attack(host, { messages: 8, senders: 8, clients: 4, failedLogins: 2, recipientRejects: 1, senderRejects: 1 });
  await honest(host, { messages: 3 });
  await oracle(host).settled(11);
  dashboard = await startDashboard([host]);
  document = (await (await fetch(`${dashboard.url}/api/openapi.json`)).json()) as Document;
  for (const [path, calls] of Object.entries(document.paths))
    for (const [method, operation] of Object.entries(calls))
      operations.set(operation.operationId, { ...operation, method: method.toUpperCase(), path });
  const first = async () =>
    (await dashboard.json<{ messages: number }[]>("GET", `/api/hosts/${host.name}/accounts`))[0];
  await until(first, (row) => row?.messages === 8);
}, 300_000);
afterAll(async () => {
  await dashboard?.stop();
  await host?.stop();
});

/** Waits for the action's end, each look checked too. */
async function ended(action: string): Promise<string> {
  const look = () => ask<{ state: string }>("getAction", { params: { action } });
  return (await until(look, ({ state }) => /^(done|failed|cancelled|undone)$/.test(state))).state;
}

describe("what the routes answer is what the document says", () => {
  test("of itself: OpenAPI 3.1, every call closed but the open ones, every failure in one form", async () => {
    expect(document.openapi).toBe("3.1.0");
    const open = [...operations.values()].filter(({ security }) => security.length === 0);
    expect(open.map(({ operationId }) => operationId).sort()).toEqual(["health", "openapi", "setup", "setupState"]);
    const form = operations.get("queue")?.responses.default.content["application/json"]?.schema as Schema;
    const codes = new Set<string>();
    for (const [method, path, body] of [
      ["GET", "/api/hosts/nowhere/queue"],
      ["GET", `/api/hosts/${host.name}/queue?group=nothing`],
      ["GET", `/api/hosts/${host.name}/messages/0000000`],
      ["POST", `/api/hosts/${host.name}/plans`, { action: "hold", filter: { sender: "nobody@nowhere.example" } }],
      ["POST", "/api/actions", { plan: "p0" }],
    ] as const) {
      const answer = (await (await dashboard.call(method, path, body)).json()) as { error: { code: string } };
      expect(problems(form, answer), path).toEqual([]);
      codes.add(answer.error.code);
    }
    expect([...codes].sort()).toEqual(["bad_request", "not_found", "plan_empty"]);
  });

  test("of the validator: a missing key, another type and a key too many are seen", async () => {
    const schema = operations.get("listHosts")?.responses[200].content["application/json"]?.schema as Schema;
    const hosts = await ask<Record<string, unknown>[]>("listHosts");
    const [first] = hosts;
    expect(problems(schema, [{ ...first, id: undefined }])).not.toEqual([]);
    expect(problems(schema, [{ ...first, name: 5 }])).not.toEqual([]);
    expect(problems(schema, [{ ...first, more: true }])).not.toEqual([]);
  });

  test("of the dashboard", async () => {
    for (const name of ["health", "openapi", "setupState", "me", "listUsers", "getSettings", "metrics", "hostScript"])
      await ask(name);
    await ask("putSettings", { body: { typedAbove: 5, ownDomains: ["example.com"] } });
    const { id: user } = await ask<{ id: string }>("addUser", {
      body: { email: "v@example.com", password: "a long password", role: "viewer" },
    });
    await ask("removeUser", { params: { user } });
  });

  test("of hosts", async () => {
    const { address, port, user, privateKey, hostKey } = hostEntry(host);
    await ask("makeKey");
    await ask("scanHost", { body: { address, port } });
    const twin = { name: "twin.example.com", address, port, user, key: { path: privateKey }, hostKey };
    const { id } = await ask<{ id: string }>("addHost", { body: twin });
    await ask("getHostSettings", { params: { host: id } });
    await ask("getHostSettings");
    await ask("changeHost", { params: { host: id }, body: { name: "other.example.com" } });
    await ask("removeHost", { params: { host: id } });
    await ask("checkHost");
    await ask("listServices");
    await ask("service", { params: { service: "postfix" }, body: { op: "start" } });
    await ask("queueHistory", { query: "hours=1" });
    await ask("brake", { body: { kind: "stop-out", on: true, confirm: host.name } });
    await ask("listHosts");
    await ask("brake", { body: { kind: "stop-out", on: false } });
    await ask("pauseBackfill", { body: { paused: false } });
    await ask("unknownLines");
  });

  test("of accounts and the log", async () => {
    const params = { account };
    for (const query of ["", "last=1h", "last=all&limit=1", "text=STOLEN"]) await ask("listAccounts", { query });
    for (const name of ["account", "accountSessions", "accountTimeline", "containPreview", "getSuspension"])
      await ask(name, { params });
    await ask("accountSessions", { params, query: "limit=1" });
    for (const of of ["messages", "rejects", "failedLogins", "sessions", "deliveries", "bounces", "deferrals"])
      await ask("accountLines", { params, query: `of=${of}&around=1` });
    await ask("log", { query: `at=${new Date().toISOString()}&before=2&after=2` });
    await ask("suspensionSetup", { body: { op: "preview" } });
    await ask("suspensionSetup", { body: { op: "apply" } });
    await ask("suspend", { params, body: { mode: "hold", reason: "to be looked at" } });
    await ask("listAccounts");
    await ask("suspend", { params, body: { mode: "none" } });
    await ask("contain", { params, body: { op: "contain", parts: ["suspend"], allHosts: false } });
    await ask("contain", { params, body: { op: "lift", parts: ["suspend"], allHosts: false } });
  });

  test("of the queue, plans and actions", async () => {
    for (const group of [
      "account",
      "sender",
      "senderDomain",
      "client",
      "recipientDomain",
      "queue",
      "reason",
      "age",
      "instance",
    ])
      await ask("queue", { query: `group=${group}` });
    const filters = "account=a&sender=b&senderDomain=c&client=d&recipient=e&recipientDomain=f&queue=hold&reason=g";
    await ask("queue", { query: `${filters}&text=h&olderThan=1&youngerThan=9&senderPattern=*&exceptAccount=i` });
    const { messages } = await ask<{ messages: { id: string }[] }>("queue", { query: "limit=2&sort=-size" });
    await ask("message", { params: { id: messages[0]?.id ?? "" } });
    // A requeue, like the undo of a purge, leaves its mail in maildrop for a while: they come last.
    for (const [action, whose] of [
      ["hold", account],
      ["release", account],
      ["purge", account],
      ["requeue", "alice@example.com"],
    ]) {
      const plan = await ask<{ id: string; messages: number; confirm: string | null }>("makePlan", {
        body: { action, filter: { account: whose } },
      });
      await ask("getPlan", { params: { plan: plan.id } });
      const { id } = await ask<{ id: string }>("runPlan", { body: { plan: plan.id, confirm: plan.messages } });
      expect(await ended(id)).toBe("done");
      if (action !== "purge") continue;
      await ask("listArchives");
      await ask("downloadArchive", { params: { action: id } });
      await ask("undoAction", { params: { action: id } });
      expect(await ended(id)).toBe("undone");
    }
    await ask("listActions", { query: "limit=2" });
    const { id: standing } = await ask<{ id: string }>("addStanding", {
      body: { host: host.name, filter: { senderDomain: ["example.net"] }, hours: 1 },
    });
    await ask("listStanding");
    await ask("removeStanding", { params: { standing } });
  }, 420_000);

  test("of incidents, alerts and the audit trail", async () => {
    const { id: incident } = await ask<{ id: string }>("openIncident", { body: { host: host.name, account } });
    await ask("changeIncident", { params: { incident }, body: { note: "called the owner <b>" } });
    await ask("getIncident", { params: { incident } });
    await ask("listIncidents");
    for (const format of ["md", "csv"])
      await ask("incidentReport", { params: { incident }, query: `format=${format}` });
    await ask("listAlerts", { query: "all=1" });
    expect(await ask("audit", { query: "limit=3" })).toMatchObject({ intact: true });
    expect(await ask<string>("exportAudit")).toContain(`"by":"${admin.email}"`);
  });

  test("and no reading call was left out", () => {
    const reading = [...operations.values()].filter(({ method }) => method === "GET");
    // The stream never ends; its form is shown by the contract's own test.
    const left = reading.map(({ operationId }) => operationId).filter((name) => !seen.has(name) && name !== "stream");
    expect(left).toEqual([]);
  });
});
