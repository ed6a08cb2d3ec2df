import { expect, test } from "vitest";
import { env } from "./env";
import { freshState } from "./test-state";
import { addUser, firstAdmin, listUsers, removeUser, setUp, setupNeeded } from "./users";

freshState();
const given = { email: "first@example.com", password: "correct horse battery" };
const token = (link: string | null) => new URL(link ?? "").searchParams.get("token") ?? "";

test("the link makes the first admin, once", async () => {
  const link = await firstAdmin();
  expect(link).toMatch(/^http:\/\/127\.0\.0\.1:3000\/set-up\?token=[A-Za-z0-9_-]{43}$/);
  await expect(setUp({ ...given, token: "x".repeat(43) })).rejects.toMatchObject({ code: "not_allowed" });
  await expect(setUp({ ...given, token: "" })).rejects.toMatchObject({ code: "not_allowed" });
  expect(await setupNeeded()).toBe(true);
  await setUp({ ...given, token: token(link) });
  expect(await listUsers()).toMatchObject([{ email: "first@example.com", role: "admin" }]);
  await expect(setUp({ ...given, email: "b@example.com", token: token(link) })).rejects.toMatchObject({
    code: "conflict",
  });
  expect(await firstAdmin()).toBeNull();
});

test("two at once: one of them", async () => {
  const own = token(await firstAdmin());
  const outcomes = await Promise.allSettled([
    setUp({ ...given, token: own }),
    setUp({ ...given, email: "second@example.com", token: own }),
  ]);
  expect(outcomes.filter((one) => one.status === "fulfilled")).toHaveLength(1);
  expect(await listUsers()).toHaveLength(1);
});

test("a new start makes a new link, and the old one is worth nothing", async () => {
  const old = token(await firstAdmin());
  const fresh = token(await firstAdmin());
  await expect(setUp({ ...given, token: old })).rejects.toMatchObject({ code: "not_allowed" });
  await setUp({ ...given, token: fresh });
});

test("the environment's admin is made where nobody is, without a link", async () => {
  env().admin = { email: "env@example.com", password: "correct horse battery" };
  expect(await firstAdmin()).toBeNull();
  env().admin = { email: "other@example.com", password: "correct horse battery" };
  expect(await firstAdmin()).toBeNull();
  expect((await listUsers()).map((user) => user.email)).toEqual(["env@example.com"]);
});

test("an address has one account, and the last admin stays", async () => {
  const { id } = await addUser({ ...given, role: "admin" }, "test");
  await expect(addUser({ ...given, email: "FIRST@example.com", role: "viewer" }, "test")).rejects.toMatchObject({
    code: "conflict",
  });
  await addUser({ ...given, email: "v@example.com", role: "viewer" }, "test");
  await expect(removeUser(id, "test")).rejects.toMatchObject({ code: "conflict" });
  await expect(removeUser("nobody", "test")).rejects.toMatchObject({ code: "not_found" });
  expect(await listUsers()).toHaveLength(2);
});
