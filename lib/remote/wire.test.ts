import { createHash } from "node:crypto";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { RemoteError } from "./errors";
import { AnswerParser, escapeField, request, unescapeField } from "./wire";

const read = (bytes: Buffer, sizes: number[]) => {
  const seen: string[] = [];
  const parser = new AnswerParser({
    row: (fields) => seen.push(`row ${fields.join("|")}`),
    json: (instance, text) => seen.push(`json ${instance} ${text}`),
    data: (part, last) => seen.push(`data ${part.toString("latin1")}${last ? " last" : ""}`),
    progress: (done, total) => seen.push(`progress ${done}/${total}`),
  });
  for (let at = 0, n = 0; at < bytes.length; n++) {
    const size = sizes[n % sizes.length] ?? 1;
    parser.push(bytes.subarray(at, at + size));
    at += size;
  }
  return { seen, parser };
};
const answer = Buffer.from('r\ta%20b\t\tc%25\nh\nj\tpostfix\t{"queue_id": "A"}\nd\t5\na\nr\tb\np\t1\t2\ne\t0\t3\t\n');

describe("fields", () => {
  test("no control character, blank or tab stands in an escaped field, and it comes back whole", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        const escaped = escapeField(text);
        expect(escaped).not.toMatch(/[\t\n\r ]/);
        expect(escaped).not.toBe("");
        expect(unescapeField(escaped)).toBe(text);
      }),
    );
  });
  test("the empty field and a percent sign are not the same", () => {
    expect(escapeField("")).toBe("%");
    expect(escapeField("%")).toBe("%25");
  });
});

describe("request", () => {
  test("has count and hash of its lines", () => {
    const body = "act-1\tpurge\npostfix\t4ABCDEF\n";
    const sum = createHash("sha256").update(body).digest("hex");
    const made = request("keep", { action: "act-1", op: "purge" }, [{ instance: "postfix", id: "4ABCDEF" }]);
    expect(made.toString()).toBe(`sluice1 2 ${sum}\n${body}`);
  });
  test.each(["4ABCD", "0123456789ABCDEF", "4jc0K84bdRzJBjG", "4jc0tz1XVxzJD5g"])("takes %j as a queue id", (id) => {
    expect(request("hold", {}, [{ instance: "postfix", id }]).toString()).toContain(`postfix\t${id}\n`);
  });
  test.each([
    "ALL",
    "-",
    "-d",
    "4abcdef",
    "4ABCDEF ",
    "4ABCDEF\n",
    "../4ABCDEF",
    "4ABCDEF;reboot",
    "$(reboot)",
    "",
    "A".repeat(10_000),
  ])("refuses %j as a queue id", (id) => {
    expect(() => request("hold", {}, [{ instance: "postfix", id }])).toThrow(RemoteError);
  });
  test.each([" a@b.c", "#a@b.c", "a b@c", 'a"@b.c', "a\\@b.c", "a@b.c\nx REJECT", "-f", ""])(
    "refuses %j as an account of the access table",
    (account) => {
      expect(() => request("access-set", { instance: "" }, [{ account, verdict: "REJECT" }])).toThrow(RemoteError);
    },
  );
  test.each(["relative", "/etc/../shadow", "/var/log/..", "/a\nb"])("refuses %j as a path", (path) => {
    expect(() => request("log-list", {}, [{ path }])).toThrow(RemoteError);
  });
});

describe("answer", () => {
  test("reads rows, json, data that looks like rows, progress and the sentinel", () => {
    const { seen, parser } = read(answer, [1000]);
    expect(seen).toEqual(["row a b||c%", 'json postfix {"queue_id": "A"}', "data a\nr\tb last", "progress 1/2"]);
    expect(parser.finish()).toEqual({ exit: 0, rows: 3, message: "" });
  });
  test("in pieces of any size it is the same", () => {
    const whole = read(answer, [1000]).seen;
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 7 }), { minLength: 1 }), (sizes) => {
        const { seen, parser } = read(answer, sizes);
        const joined = seen.reduce<string[]>((all, one) => {
          const before = all.at(-1);
          if (one.startsWith("data ") && before?.startsWith("data ") && !before.endsWith(" last"))
            all[all.length - 1] = before + one.slice(5);
          else all.push(one);
          return all;
        }, []);
        expect(joined).toEqual(whole);
        expect(parser.finish().rows).toBe(3);
      }),
    );
  });
  test("cut anywhere it is not taken for whole", () => {
    for (let length = 0; length < answer.length; length++)
      expect(() => read(answer.subarray(0, length), [1000]).parser.finish()).toThrow(/cut/);
  });
  test("a row too few or too many is told", () => {
    expect(() => read(Buffer.from("r\ta\ne\t0\t2\t\n"), [1000]).parser.finish()).toThrow(/2 rows were sent and 1 came/);
  });
  test("a line of something else (a banner, a shell's word) is refused", () => {
    expect(() => read(Buffer.from("Welcome!\n"), [1000])).toThrow(/none of host.sh/);
  });
});
