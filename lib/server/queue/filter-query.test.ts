import { expect, test } from "vitest";
import { filterOf } from "./filter-query";

const of = (text: string) => filterOf(new URLSearchParams(text));

test("keys repeat, exceptions have names of their own, the rest is no filter", () => {
  expect(of("account=a&account=b&exceptSender=x&olderThan=60&limit=5&group=account")).toEqual({
    account: ["a", "b"],
    except: { sender: ["x"] },
    olderThan: 60,
  });
  expect(of("")).toEqual({});
  expect(of("account=")).toEqual({ account: [""] });
});

test("what is not valid is named", () => {
  expect(() => of("queue=ALL")).toThrow(/^queue/);
  expect(() => of("olderThan=-1")).toThrow(/^olderThan/);
  expect(() => of("sender=a%00b")).toThrow(/^sender/);
});
