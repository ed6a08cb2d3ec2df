import { describe, expect, test } from "vitest";
import { hoursBetween } from "./country-position";
import { mayUse } from "./forged";
import { networkOf } from "./network";
import { rejectClass } from "./reject-class";

describe("mayUse", () => {
  const rights = {
    ownDomains: ["firm.example"],
    aliases: { "ann@shop.example": ["sales@else.example", "brand.example"] },
  };
  test.each([
    ["ann@shop.example", "ann@shop.example", true],
    ["constructor", "x@any.example", false],
    ["ann@shop.example", "bob@SHOP.example", true],
    ["ann@shop.example", "x@firm.example", true],
    ["ann@shop.example", "sales@else.example", true],
    ["ann@shop.example", "other@else.example", false],
    ["ann@shop.example", "x@brand.example", true],
    ["ann@shop.example", "x@sub.firm.example", false],
    ["ann@shop.example", "ann@shop.example.evil.example", false],
    ["ann@shop.example", "", true],
    ["ann@shop.example", "ann", true],
    ["ann", "ann@firm.example", true],
    ["ann", "ann@shop.example", false],
  ])("%s sending as %s: %s", (account, sender, may) => expect(mayUse(account, sender, rights)).toBe(may));
  test("says nothing of bare logins where no domain is configured", () =>
    expect(mayUse("ann", "x@evil.example", { ownDomains: [], aliases: {} })).toBe(true));
});

test.each([
  ["203.0.113.7", "203.0.113.0/24"],
  ["::ffff:203.0.113.7", "203.0.113.0/24"],
  ["2001:db8:1:2::3", "2001:db8:1::/48"],
  ["2001:db8::3", "2001:db8::/48"],
  ["2001:db8::192.0.2.1", "2001:db8::/48"],
  ["unknown", "unknown"],
  ["::1::2", "::1::2"],
])("networkOf(%s) is %s", (address, network) => expect(networkOf(address)).toBe(network));
test("networkOf can be coarser", () => expect(networkOf("203.0.113.7", 16)).toBe("203.0.0.0/16"));

test.each([
  ["Recipient address rejected: User unknown in virtual mailbox table", "unknown-recipient"],
  ["Relay access denied", "relay"],
  ["Sender address rejected: not owned by user ann@shop.example", "sender-not-allowed"],
  ["Service unavailable; Client host [203.0.113.7] blocked using bl.example", "blocklist"],
  ["Error: too many recipients", "rate"],
  ["Cannot find your hostname", "other"],
])("rejectClass of %s is %s", (reason, name) => expect(rejectClass(reason)).toBe(name));

describe("hoursBetween", () => {
  test("is nothing for neighbours, one country and countries not known", () => {
    expect([hoursBetween("DE", "FR"), hoursBetween("DE", "DE"), hoursBetween("DE", "ZZ")]).toEqual([0, 0, 0]);
  });
  test("is between 7 and 12 hours from Germany to Vietnam, both ways", () => {
    expect(hoursBetween("DE", "VN")).toBeGreaterThan(7);
    expect(hoursBetween("VN", "DE")).toBeLessThan(12);
  });
});
