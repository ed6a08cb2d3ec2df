import { expect, test } from "vitest";
import { installCommand } from "./install-command";

test("the key stands in one quoted word", () => {
  expect(installCommand("ssh-ed25519 AAAA+/= sluice\n")).toBe(
    "mkdir -p -m 700 ~/.ssh && echo 'restrict ssh-ed25519 AAAA+/= sluice' >> ~/.ssh/authorized_keys && chmod 600 ~/.ssh/authorized_keys",
  );
  expect(installCommand("ssh-ed25519 AAAA' ; reboot")).toBe("");
});
