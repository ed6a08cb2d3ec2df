import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { admin, type Dashboard, signIn, startDashboard } from "./dashboard";
import { unharmed } from "./mailhost/harm";
import { type MailHost, startMailHost } from "./mailhost/host";
import { oracle } from "./mailhost/oracle";
import { attack } from "./mailhost/traffic";
import { until } from "./until";

const methods = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"] as const;
const viewer = { email: "viewer@example.com", password: "look but do not touch" };
/** Without a session these answer, and nothing else does. The set-up answers that it is over. */
const open = [
  "GET /api/health",
  "GET /api/openapi.json",
  "GET /api/setup",
  "HEAD /api/health",
  "HEAD /api/openapi.json",
  "HEAD /api/setup",
  "POST /api/auth/sign-in/email",
  "POST /api/auth/two-factor/verify-backup-code",
  "POST /api/auth/two-factor/verify-totp",
  "POST /api/setup",
];
/** Calls of Better Auth that a careless mount would let through. */
const authCalls = [
  "sign-in/email",
  "sign-up/email",
  "sign-out",
  "get-session",
  "list-sessions",
  "revoke-session",
  "change-password",
  "change-email",
  "update-user",
  "delete-user",
  "forget-password",
  "request-password-reset",
  "reset-password",
  "send-verification-email",
  "two-factor/enable",
  "two-factor/disable",
  "two-factor/verify-totp",
  "two-factor/verify-backup-code",
  "api-key/create",
  "api-key/list",
  "api-key/delete",
  "api-key/verify",
  "admin/list-users",
  "ok",
  "error",
];

let host: MailHost;
let dashboard: Dashboard;
let look: ReturnType<typeof oracle>;
let id = "";
let action = "";
let viewersCookie = "";

const send = (method: string, path: string, headers: Record<string, string> = {}, body: unknown = {}) =>
  fetch(dashboard.url + path, {
    method,
    redirect: "manual",
    headers: { ...(!/GET|HEAD/.test(method) && { "content-type": "application/json" }), ...headers },
    ...(!/GET|HEAD/.test(method) && { body: JSON.stringify(body) }),
  });
const codeOf = async (answer: Response) =>
  ((await answer.json().catch(() => null)) as { error?: { code: string } })?.error?.code;

/** Every path of the build, its parameters filled with what exists, so that a hole would show something. */
function builtPaths(kind: "route" | "page"): string[] {
  const manifest: Record<string, string> = JSON.parse(readFileSync(".next/server/app-paths-manifest.json", "utf8"));
  const values: Record<string, string> = {
    host: host.name,
    account: "stolen@example.com",
    id,
    plan: "p0",
    action,
    service: "postfix",
    user: "1",
    alert: "1",
    incident: "1",
    standing: "1",
  };
  return Object.keys(manifest)
    .filter((key) => key.endsWith(`/${kind}`) && (kind === "page" || key.startsWith("/api/")))
    .map((key) => key.slice(0, -kind.length - 1).replace(/\/\([^)]+\)/g, "") || "/")
    .flatMap((path) => (path.endsWith("/[...all]") ? authCalls.map((call) => path.replace("[...all]", call)) : [path]))
    .map((path) => path.replace(/\[(\w+)\]/g, (_, name: string) => encodeURIComponent(values[name] as string)));
}

/** What a test compares to say that nothing happened: the host's files and tables, and what Sluice has stored. */
async function everything() {
  const ids = [...look.files().keys()].sort();
  const [table, config] = [
    await host.exec("cat /etc/postfix/sluice_access 2>/dev/null || true"),
    await host.exec("postconf -n"),
  ];
  const of = (path: string) => dashboard.json<unknown>("GET", path);
  const audit = await dashboard.json<{ entries: { what: string }[] }>("GET", "/api/audit?limit=500");
  return {
    queue: ids.map((one) => [one, look.files().get(one)?.queue]),
    hashes: [...look.hashes(ids)],
    table,
    config,
    running: await host.exec("postfix status >/dev/null 2>&1 && echo yes"),
    users: await of("/api/users"),
    settings: await of("/api/settings"),
    hosts: (await dashboard.json<{ id: string; brakes: unknown }[]>("GET", "/api/hosts")).map((one) => [
      one.id,
      one.brakes,
    ]),
    standing: await of("/api/standing"),
    incidents: await of("/api/incidents"),
    actions: await of("/api/actions"),
    audit: audit.entries.map((entry) => entry.what).filter((what) => !what.startsWith("sign")),
  };
}

async function unchanged(before: Awaited<ReturnType<typeof everything>>): Promise<void> {
  const after = await everything();
  unharmed(after.hashes, before.hashes, "queued mail was touched by one who may not");
  expect(after).toEqual(before);
}

beforeAll(async () => {
  host = await startMailHost();
  look = oracle(host);
  const sent = await attack(host, { messages: 6, senders: 6, clients: 3 });
  await look.settled(6);
  id = sent[0]?.id ?? "";
  dashboard = await startDashboard([host]);
  const plan = await dashboard.json<{ id: string }>("POST", `/api/hosts/${host.name}/plans`, {
    action: "hold",
    filter: { ids: [id] },
  });
  action = (await dashboard.json<{ id: string }>("POST", "/api/actions", { plan: plan.id })).id;
  // What came later is counted after the action's end, and is the last that changes in it.
  await until(
    () => dashboard.json<{ state: string; arrivedLater: number | null }>("GET", `/api/actions/${action}`),
    ({ state, arrivedLater }) => state === "done" && arrivedLater !== null,
  );
  expect(look.files().get(id)?.queue).toBe("hold");
  await dashboard.json("POST", "/api/users", { ...viewer, role: "viewer" });
  viewersCookie = await signIn(dashboard.url, viewer);
}, 300_000);
afterAll(async () => {
  await dashboard?.stop();
  await host?.stop();
});

describe("without a session", () => {
  test.each([
    ["nothing", {}, methods],
    ["a made-up cookie", { cookie: "sluice.session_token=abc.def" }, ["GET", "POST"] as const],
    ["a made-up key", { authorization: `Bearer sluice_${"a".repeat(64)}` }, ["GET", "POST"] as const],
  ])("no route of the build gives data or does anything, with %s", async (_, headers, tried) => {
    const before = await everything();
    const answered: string[] = [];
    const one = async (method: string, path: string) => {
      const call = `${method} ${path}`;
      const answer = await send(method, path, headers as Record<string, string>);
      const text = await answer.text();
      for (const secret of ["stolen@", host.name, admin.email, id, "sasl_username", "127.0.0.1"])
        expect(text, call).not.toContain(secret);
      if (method === "OPTIONS") return expect([204, 400, 404, 405], call).toContain(answer.status);
      if (answer.headers.getSetCookie().some((line) => !/Max-Age=0/i.test(line)))
        answered.push(`${call} sets a cookie`);
      // 401 for what is closed, 404 for calls that are nobody's, 405 for other methods.
      if (![401, 404, 405].includes(answer.status)) answered.push(call);
      if (answer.status === 401 && method !== "HEAD" && !open.includes(call))
        expect(JSON.parse(text), call).toMatchObject({ error: { code: "not_signed_in" } });
    };
    for (const path of builtPaths("route")) await Promise.all(tried.map((method) => one(method, path)));
    expect(answered.filter((call) => !open.includes(call))).toEqual([]);
    expect(answered).toEqual(expect.arrayContaining(["GET /api/health", "GET /api/openapi.json", "GET /api/setup"]));
    await unchanged(before);
  });

  test("pages hold nothing of a host or a user", async () => {
    for (const path of builtPaths("page").filter((path) => !path.startsWith("/_"))) {
      const text = await (await send("GET", path)).text();
      for (const secret of ["sasl_username", admin.email, `${host.name}.example.com`])
        expect(text, path).not.toContain(secret);
    }
  });

  test("health and the document say nothing secret, and the set-up is over", async () => {
    expect(await (await send("GET", "/api/health")).json()).toEqual({ status: "ok" });
    expect(await (await send("GET", "/api/setup")).json()).toEqual({ needed: false });
    const again = await send(
      "POST",
      "/api/setup",
      {},
      { token: "x", email: "e@example.com", password: "long enough 123" },
    );
    expect(again.status).toBe(409);
  });

  test("a wrong password and an unknown login get the same answer, and no cookie", async () => {
    const headers = { origin: dashboard.url };
    const tries = [
      { email: admin.email, password: "wrong wrong wrong" },
      { email: "nobody@example.com", password: "wrong wrong wrong" },
    ];
    const answers = await Promise.all(tries.map((body) => send("POST", "/api/auth/sign-in/email", headers, body)));
    expect(answers.map((answer) => answer.status)).toEqual([401, 401]);
    expect(answers.flatMap((answer) => answer.headers.getSetCookie())).toEqual([]);
    const [one, two] = await Promise.all(answers.map((answer) => answer.text()));
    expect(one).toBe(two);
  });
});

describe("a viewer", () => {
  test("sees what an admin sees and changes nothing", async () => {
    const headers = { cookie: viewersCookie, origin: dashboard.url };
    const before = await everything();
    const { paths } = await dashboard.json<{ paths: Record<string, Record<string, { security: unknown[] }>> }>(
      "GET",
      "/api/openapi.json",
    );
    for (const [template, calls] of Object.entries(paths)) {
      const path = template
        .replace("{host}", host.name)
        .replace("{account}", "stolen@example.com")
        .replace("{id}", id)
        .replace("{action}", action)
        .replace(/\{\w+\}/g, "x");
      for (const [method, { security }] of Object.entries(calls)) {
        if (method === "get" || security.length === 0) continue;
        const answer = await send(method.toUpperCase(), path, headers);
        expect([`${method} ${path}`, answer.status, await codeOf(answer)]).toEqual([
          `${method} ${path}`,
          403,
          "not_allowed",
        ]);
      }
    }
    const archive = await send("GET", `/api/hosts/${host.name}/archives/${action}`, headers);
    expect([archive.status, await codeOf(archive)]).toEqual([403, "not_allowed"]);
    expect((await send("GET", `/api/hosts/${host.name}/queue`, headers)).status).toBe(200);
    expect(await (await send("GET", "/api/me", headers)).json()).toMatchObject({ email: viewer.email, role: "viewer" });
    await unchanged(before);
  });

  test("cannot become an admin, and is out as soon as it is removed", async () => {
    const headers = { cookie: viewersCookie, origin: dashboard.url };
    for (const path of ["/api/auth/update-user", "/api/auth/admin/set-role"])
      expect((await send("POST", path, headers, { role: "admin" })).status).toBe(404);
    const key = await send("POST", "/api/auth/api-key/create", headers, { name: "mine" });
    const { key: secret } = (await key.json()) as { key: string };
    const bearer = { authorization: `Bearer ${secret}` };
    expect((await send("GET", "/api/hosts", bearer)).status).toBe(200);
    expect(await codeOf(await send("POST", "/api/keys", bearer))).toBe("not_allowed");
    const users = await dashboard.json<{ id: string; email: string }[]>("GET", "/api/users");
    const { id: user } = users.find((one) => one.email === viewer.email) as { id: string };
    await dashboard.json("DELETE", `/api/users/${user}`);
    for (const header of [headers, bearer]) expect((await send("GET", "/api/hosts", header)).status).toBe(401);
  });
});

describe("an API key", () => {
  test("does what its owner may, without a cookie, until it is revoked", async () => {
    const made = await dashboard.json<{ id: string; key: string }>("POST", "/api/auth/api-key/create", {
      name: "script",
    });
    const bearer = { authorization: `Bearer ${made.key}` };
    expect(await (await send("GET", "/api/me", bearer)).json()).toMatchObject({ email: admin.email, role: "admin" });
    const plan = await send("POST", `/api/hosts/${host.name}/plans`, bearer, {
      action: "release",
      filter: { ids: [id] },
    });
    expect(plan.status).toBe(200);
    // Neither a page elsewhere nor a cookie has a part in this, so the origin does not matter.
    const elsewhere = await send(
      "POST",
      `/api/hosts/${host.name}/plans`,
      { ...bearer, origin: "https://elsewhere.example" },
      {
        action: "release",
        filter: { ids: [id] },
      },
    );
    expect(elsewhere.status).toBe(200);
    await dashboard.json("POST", "/api/auth/api-key/delete", { keyId: made.id });
    expect(await codeOf(await send("GET", "/api/hosts", bearer))).toBe("not_signed_in");
  });

  test("that is wrong is refused even beside a good cookie", async () => {
    const cookie = await signIn(dashboard.url);
    for (const authorization of ["Bearer x", "Bearer "])
      expect(await codeOf(await send("GET", "/api/hosts", { cookie, authorization }))).toBe("not_signed_in");
  });

  test("is none where the header is of another scheme: a proxy's own password neither signs in nor out", async () => {
    const cookie = await signIn(dashboard.url);
    for (const authorization of ["Basic YTpi", "sluice_x"]) {
      expect(await codeOf(await send("GET", "/api/hosts", { authorization }))).toBe("not_signed_in");
      expect((await send("GET", "/api/hosts", { cookie, authorization })).status).toBe(200);
    }
  });
});

describe("a page of another origin", () => {
  test("changes nothing by the visitor's cookie", async () => {
    const cookie = await signIn(dashboard.url);
    const before = await everything();
    const pages: Record<string, string>[] = [
      { origin: "https://elsewhere.example" },
      { origin: "null" },
      { origin: dashboard.url.replace("http:", "https:").replace("127.0.0.1", "127.0.0.1.elsewhere.example") },
      { "sec-fetch-site": "cross-site" },
      { "sec-fetch-site": "same-site" },
    ];
    for (const page of pages) {
      const headers = { cookie, ...page };
      const filter = { action: "hold", filter: { everything: true } };
      const tries = [
        await send("POST", `/api/hosts/${host.name}/plans`, headers, filter),
        await send("POST", `/api/hosts/${host.name}/services/postfix`, headers, { op: "stop" }),
        await send("DELETE", `/api/hosts/${host.name}/archives/${action}`, headers),
        await send("PUT", "/api/settings", headers, { typedAbove: 0 }),
        await send("POST", "/api/auth/api-key/create", headers, { name: "stolen" }),
        await send("POST", "/api/auth/sign-out", headers),
      ];
      for (const answer of tries) expect([JSON.stringify(page), answer.status]).toEqual([JSON.stringify(page), 403]);
    }
    await unchanged(before);
  });

  test("cannot send JSON as a form would", async () => {
    const cookie = await signIn(dashboard.url);
    const answer = await fetch(`${dashboard.url}/api/hosts/${host.name}/plans`, {
      method: "POST",
      headers: { cookie, origin: dashboard.url, "content-type": "text/plain" },
      body: JSON.stringify({ action: "hold", filter: { everything: true } }),
    });
    expect(await codeOf(answer)).toBe("bad_request");
  });
});
