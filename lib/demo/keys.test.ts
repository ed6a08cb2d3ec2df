import ssh2 from "ssh2";
import { expect, test } from "vitest";
import { newKeys } from "./keys";

test("every pair can be read again", () => {
  for (let made = 0; made < 1500; made++)
    expect(ssh2.utils.parseKey(newKeys("demo").private)).not.toBeInstanceOf(Error);
});
