import { expect, test } from "vitest";
import { mailboxUrl } from "./mailbox-url";

test("the account is data in the link", () => {
  expect(mailboxUrl("https://admin.example/edit?u={account}", "a&b=$&@x")).toBe(
    "https://admin.example/edit?u=a%26b%3D%24%26%40x",
  );
  expect(mailboxUrl("javascript:alert('{account}')", "a")).toBeNull();
  expect(mailboxUrl(null, "a")).toBeNull();
});
