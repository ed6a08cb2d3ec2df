import fc from "fast-check";
import { expect, test } from "vitest";
import { addressBytes, networks } from "./network";

test("an address is itself, however it is written", () => {
  expect(networks(["2001:DB8::1"])("2001:db8:0:0:0:0:0:1")).toBe(true);
  expect(networks(["::ffff:203.0.113.7"])("203.0.113.7")).toBe(true);
  expect(networks(["203.0.113.7"])("203.0.113.70")).toBe(false);
});

test("a network takes its own and nothing beside", () => {
  const inside = networks(["203.0.113.0/25", "2001:db8:1::/48", "10.1.2.3/8"]);
  expect(["203.0.113.0", "203.0.113.127", "10.255.0.1", "2001:db8:1:ffff::9"].map(inside)).toEqual([
    true,
    true,
    true,
    true,
  ]);
  expect(["203.0.113.128", "11.0.0.1", "2001:db8:2::", "203.0.113", ""].map(inside)).toEqual([
    false,
    false,
    false,
    false,
    false,
  ]);
});

test("every address of a family is in its /0, and none of the other", () => {
  expect(networks(["0.0.0.0/0"])("203.0.113.7")).toBe(true);
  expect(networks(["0.0.0.0/0"])("2001:db8::1")).toBe(false);
});

test("what is no address is compared as text", () => {
  expect(networks(["unknown"])("unknown")).toBe(true);
  expect(networks(["1.2.3.4/33"])("1.2.3.4")).toBe(false);
  for (const text of ["1.2.3", "01.2.3.4", "1.2.3.256", "::1::", "1:2:3:4:5:6:7", "fe80::1%eth0", "12345::"])
    expect(addressBytes(text)).toBeNull();
});

test("an IPv4 prefix is what arithmetic on the number says", () => {
  const number = fc.nat(0xffffffff);
  const text = (n: number) => [24, 16, 8, 0].map((shift) => Math.floor(n / 2 ** shift) % 256).join(".");
  fc.assert(
    fc.property(number, number, fc.integer({ min: 0, max: 32 }), (a, b, prefix) => {
      const size = 2 ** (32 - prefix);
      expect(networks([`${text(a)}/${prefix}`])(text(b))).toBe(Math.floor(a / size) === Math.floor(b / size));
    }),
  );
});
