import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { parseEnv } from "./env";

const folder = mkdtempSync(join(tmpdir(), "sluice-env-"));
afterAll(() => rmSync(folder, { recursive: true }));

const host = { id: "mx1", address: "192.0.2.10", privateKey: "id", hostKey: "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5" };
function hosts(content: unknown) {
  const file = join(folder, "hosts.json");
  writeFileSync(file, typeof content === "string" ? content : JSON.stringify(content));
  return { SLUICE_HOSTS: file };
}

test("nothing said: loopback, ./data, no hosts", () => {
  expect(parseEnv({ SLUICE_URL: "" }, "/srv/sluice")).toEqual({
    port: 3000,
    hostname: "127.0.0.1",
    dataDir: "/srv/sluice/data",
    url: "http://127.0.0.1:3000",
    urlGiven: false,
    admin: null,
    hosts: [],
    asnDb: null,
    demo: false,
  });
});

test("hosts are read with their defaults; a key's path is relative to the file", () => {
  expect(parseEnv(hosts([{ ...host, log: "journal", lockedDown: true }])).hosts).toEqual([
    { ...host, name: "mx1", port: 22, user: "root", privateKey: join(folder, "id"), log: "journal", lockedDown: true },
  ]);
});

describe("the variable that is wrong is named", () => {
  test.each([
    [{ PORT: "http" }, /^PORT: /],
    [{ PORT: "70000" }, /^PORT: /],
    [{ HOSTNAME: "a b" }, /^HOSTNAME: /],
    [{ SLUICE_URL: "sluice.example.com" }, /^SLUICE_URL: /],
    [{ SLUICE_URL: "https://example.com/sluice" }, /^SLUICE_URL: without a path/],
    [{ SLUICE_ADMIN_EMAIL: "nobody", SLUICE_ADMIN_PASSWORD: "a long enough one" }, /^SLUICE_ADMIN_EMAIL: /],
    [{ SLUICE_ADMIN_EMAIL: "a@example.com", SLUICE_ADMIN_PASSWORD: "short" }, /^SLUICE_ADMIN_PASSWORD: at least 12/],
    [{ SLUICE_ADMIN_EMAIL: "a@example.com" }, /^SLUICE_ADMIN_PASSWORD: missing/],
    [{ SLUICE_ADMIN_PASSWORD: "a long enough one" }, /^SLUICE_ADMIN_EMAIL: missing/],
    [{ SLUICE_DEMO: "maybe" }, /^SLUICE_DEMO: /],
    [{ SLUICE_HOSTS: "/nowhere/hosts.json" }, /^SLUICE_HOSTS: \/nowhere\/hosts\.json: ENOENT/],
  ])("%j", (given, message) => {
    expect(() => parseEnv(given)).toThrow(message);
  });
  test.each([
    ["{", /^SLUICE_HOSTS: .*not JSON/],
    [[{ ...host, id: "Not An Id" }], /^SLUICE_HOSTS: .*0\.id/],
    [[{ ...host, address: "a;reboot" }], /^SLUICE_HOSTS: .*0\.address/],
    [[{ ...host, hostKey: "whatever" }], /^SLUICE_HOSTS: .*0\.hostKey/],
    [[{ ...host, passwort: "x" }], /^SLUICE_HOSTS: .*passwort/],
    [[host, host], /^SLUICE_HOSTS: .*mx1 stands twice/],
  ])("in the hosts' file: %j", (content, message) => {
    expect(() => parseEnv(hosts(content))).toThrow(message);
  });
});

test("a password is not in the message", () => {
  expect(() => parseEnv({ SLUICE_ADMIN_EMAIL: "a@example.com", SLUICE_ADMIN_PASSWORD: "tellnobody" })).toThrow(
    expect.objectContaining({ message: expect.not.stringContaining("tellnobody") }),
  );
});
