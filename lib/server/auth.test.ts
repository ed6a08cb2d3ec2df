import { statSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, describe, expect, test } from "vitest";
import { listAudit } from "./audit";
import { auth, requireUser } from "./auth";
import { authRoute } from "./auth-route";
import { freshState } from "./test-state";
import { addUser, listUsers, removeUser } from "./users";

const home = "http://127.0.0.1:3000";
const password = "correct horse battery";
const data = freshState({ SLUICE_URL: home });
beforeEach(async () => {
  await addUser({ email: "Admin@example.com", password, role: "admin" }, "test");
  await addUser({ email: "viewer@example.com", password, role: "viewer" }, "test");
});

function post(path: string, body: unknown, headers: Record<string, string> = {}) {
  const all = { "content-type": "application/json", ...headers };
  return authRoute(
    new Request(`${home}/api/auth${path}`, { method: "POST", headers: all, body: JSON.stringify(body) }),
  );
}
async function cookie(email: string): Promise<string> {
  const answer = await post("/sign-in/email", { email, password });
  expect(answer.status).toBe(200);
  return answer.headers
    .getSetCookie()
    .map((line) => line.split(";")[0])
    .join("; ");
}
const asked = (headers: Record<string, string>) => new Request(`${home}/api/hosts`, { method: "POST", headers });

describe("the guard", () => {
  test("nobody, and what only looks like a session or a key, is not signed in", async () => {
    const code = { code: "not_signed_in" };
    await expect(requireUser(asked({}), false)).rejects.toMatchObject(code);
    await expect(requireUser(asked({ cookie: "sluice.session_token=abc.def" }), false)).rejects.toMatchObject(code);
    await expect(requireUser(asked({ authorization: "Bearer nothing" }), false)).rejects.toMatchObject(code);
    await expect(requireUser(asked({ authorization: "Basic YTpi" }), false)).rejects.toMatchObject(code);
  });

  test("an admin may change, a viewer look", async () => {
    const admin = { cookie: await cookie("admin@example.com"), origin: home };
    expect(await requireUser(asked(admin), true)).toMatchObject({ email: "admin@example.com", role: "admin" });
    // As a proxy with a password of its own passes it on.
    const behind = asked({ ...admin, authorization: "Basic YTpi" });
    expect(await requireUser(behind, true)).toMatchObject({ email: "admin@example.com", role: "admin" });
    const viewer = { cookie: await cookie("viewer@example.com"), origin: home };
    expect(await requireUser(asked(viewer), false)).toMatchObject({ role: "viewer" });
    await expect(requireUser(asked(viewer), true)).rejects.toMatchObject({ code: "not_allowed" });
  });

  test("another site's page changes nothing by the visitor's cookie", async () => {
    const own = { cookie: await cookie("admin@example.com") };
    const code = { code: "not_allowed" };
    for (const origin of ["https://evil.example", "http://127.0.0.1:3001", "null"])
      await expect(requireUser(asked({ ...own, origin }), true)).rejects.toMatchObject(code);
    await expect(requireUser(asked({ ...own, "sec-fetch-site": "cross-site" }), true)).rejects.toMatchObject(code);
    await expect(requireUser(asked({ ...own, origin: "http://localhost:3000" }), true)).resolves.toBeTruthy();
  });

  test("an API key acts for its user until it is revoked or the user is gone", async () => {
    const own = { cookie: await cookie("admin@example.com"), origin: home };
    const made = await (await post("/api-key/create", { name: "script" }, own)).json();
    const byKey = asked({ authorization: `Bearer ${made.key}` });
    expect(await requireUser(byKey, true)).toMatchObject({ email: "admin@example.com", role: "admin" });
    expect((await post("/api-key/delete", { keyId: made.id }, own)).status).toBe(200);
    await expect(requireUser(byKey, false)).rejects.toMatchObject({ code: "not_signed_in" });

    const theirs = { cookie: await cookie("viewer@example.com"), origin: home };
    const second = await (await post("/api-key/create", { name: "look" }, theirs)).json();
    const looking = asked({ authorization: `Bearer ${second.key}` });
    await expect(requireUser(looking, true)).rejects.toMatchObject({ code: "not_allowed" });
    await removeUser((await requireUser(looking, false)).id, "admin@example.com");
    await expect(requireUser(looking, false)).rejects.toMatchObject({ code: "not_signed_in" });
    await expect(requireUser(asked(theirs), false)).rejects.toMatchObject({ code: "not_signed_in" });
  });
});

describe("sign-in", () => {
  test("its cookie is HttpOnly and SameSite=Lax, and the trail has it", async () => {
    const answer = await post("/sign-in/email", { email: "admin@example.com", password });
    expect(answer.headers.getSetCookie().join()).toMatch(/sluice\.session_token=.*HttpOnly.*SameSite=Lax/i);
    expect(await answer.json()).toMatchObject({ user: { email: "admin@example.com" } });
    expect(listAudit(undefined).entries[0]).toMatchObject({ what: "signed in", by: "admin@example.com" });
    expect(statSync(join(data.folder, "secret")).mode & 0o777).toBe(0o600);
  });

  test("wrong passwords are refused, counted, and then waited for", async () => {
    const wrong = { email: "admin@example.com", password: "something else entirely" };
    for (let tries = 0; tries < 20; tries++)
      expect((await post("/sign-in/email", wrong, { "x-forwarded-for": `192.0.2.${tries}` })).status).toBe(401);
    expect((await post("/sign-in/email", wrong, { "x-forwarded-for": "192.0.2.99" })).status).toBe(429);
    expect(listAudit(undefined).entries[0]).toMatchObject({ what: "sign-in failed", by: "sluice" });
  });

  test("wrong passwords from elsewhere do not lock out a browser that has signed in before", async () => {
    const device = /sluice\.device=[^;]+/;
    const cookie = async (email: string) => {
      const answer = await post("/sign-in/email", { email, password });
      return device.exec(answer.headers.getSetCookie().join("\n"))?.[0] ?? "";
    };
    const [known, other] = [await cookie("admin@example.com"), await cookie("viewer@example.com")];
    const wrong = { email: "admin@example.com", password: "something else entirely" };
    for (let tries = 0; tries < 20; tries++)
      await post("/sign-in/email", wrong, { "x-forwarded-for": `192.0.2.${tries}` });
    const right = { email: "admin@example.com", password };
    const forged = known.replace(/\..*/, other.slice(other.lastIndexOf(".")));
    for (const cookie of ["", other, forged, `${known}x`])
      expect((await post("/sign-in/email", right, { cookie, "x-forwarded-for": "192.0.2.98" })).status, cookie).toBe(
        429,
      );
    expect((await post("/sign-in/email", right, { cookie: known, "x-forwarded-for": "192.0.2.99" })).status).toBe(200);
  });

  test("wrong codes of a second factor are counted, whatever address they come from, if a password was right", async () => {
    const own = { cookie: await cookie("admin@example.com"), origin: home };
    expect((await post("/two-factor/enable", { password }, own)).status).toBe(200);
    const send = (n: number, more: Record<string, string>) =>
      post("/two-factor/verify-totp", { code: "000000" }, { "x-forwarded-for": `192.0.3.${n}`, ...more });
    for (let tries = 0; tries < 25; tries++) expect((await send(tries, {})).status).toBe(401);
    for (let tries = 0; tries < 20; tries++) expect((await send(100 + tries, own)).status).not.toBe(429);
    expect((await send(200, own)).status).toBe(429);
  });

  test("another site's page does not sign anybody in", async () => {
    const answer = await post(
      "/sign-in/email",
      { email: "admin@example.com", password },
      { origin: "https://evil.example" },
    );
    expect(answer.status).toBe(403);
  });

  test("there is no sign-up, and nothing else that is not meant", async () => {
    const before = await listUsers();
    const one = { email: "me@example.com", password, name: "me", role: "admin" };
    for (const path of [
      "/sign-up/email",
      "//sign-up/email",
      "/sign-up/email/",
      "/update-user",
      "/verify-password",
      "/toString",
    ])
      expect((await post(path, one)).status, path).toBe(404);
    const better = await auth();
    await expect(better.api.signUpEmail({ body: one })).rejects.toThrow();
    expect(await listUsers()).toEqual(before);
  });

  test("what is one's own asks for a session", async () => {
    expect((await post("/api-key/create", { name: "x" })).status).toBe(401);
    expect((await authRoute(new Request(`${home}/api/auth/get-session`))).status).toBe(401);
  });
});
