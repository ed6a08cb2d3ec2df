import { afterEach, expect, test, vi } from "vitest";
import { call, DashboardAway, urlOf } from "./client";

afterEach(() => vi.unstubAllGlobals());

test("parameters are encoded, so that an account cannot become a path", () => {
  expect(urlOf("account", { params: { host: "mx1", account: "a/../b?c#d@x" } })).toBe(
    "/api/hosts/mx1/accounts/a%2F..%2Fb%3Fc%23d%40x",
  );
});

test("lists become repeated parameters and undefined ones are left out", () => {
  expect(urlOf("queue", { params: { host: "mx1" }, query: { sender: ["a@x", ""], group: undefined, limit: 5 } })).toBe(
    "/api/hosts/mx1/queue?sender=a%40x&sender=&limit=5",
  );
});

test("an error of the contract keeps its code and detail", async () => {
  const body = { error: { code: "plan_expired", message: "Too old.", detail: "x" } };
  vi.stubGlobal("fetch", async () => new Response(JSON.stringify(body), { status: 410 }));
  await expect(call("listHosts")).rejects.toMatchObject({ code: "plan_expired", message: "Too old.", detail: "x" });
});

test("a proxy's page is no error of the contract", async () => {
  vi.stubGlobal("fetch", async () => new Response("<html>", { status: 502 }));
  await expect(call("listHosts")).rejects.toBeInstanceOf(DashboardAway);
});
