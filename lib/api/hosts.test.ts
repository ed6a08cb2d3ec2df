import { expect, test } from "vitest";
import { contract } from "./contract";

test("a change of a host holds only what was given; a new host gets the usual port and login", () => {
  expect(contract.changeHost.body.parse({ name: "mx" })).toEqual({ name: "mx" });
  const host = { name: "mx", address: "192.0.2.1", key: { made: "k" }, hostKey: "ssh-ed25519 AAAA" };
  expect(contract.addHost.body.parse(host)).toEqual({ ...host, port: 22, user: "root", lockedDown: false });
});
