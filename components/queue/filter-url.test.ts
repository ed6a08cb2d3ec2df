import { expect, test } from "vitest";
import { ageBounds, filterOf, queryOf } from "./filter-url";

const search = (text: string) => new URLSearchParams(text);

test("the filter of a plan has the same keys as the address", () => {
  expect(filterOf(search("account=a%40x&account=&queue=hold&olderThan=60&exceptClient=192.0.2.1&other=1"))).toEqual({
    account: ["a@x", ""],
    queue: ["hold"],
    olderThan: 60,
    except: { client: ["192.0.2.1"] },
  });
});

test("nothing chosen is everything, said; exclusions alone too", () => {
  expect(filterOf(search("id=ABC12&sort=size"))).toEqual({ everything: true });
  expect(filterOf(search("exceptAccount=a"))).toEqual({ everything: true, except: { account: ["a"] } });
});

test("the query of a listing leaves out what is no filter", () => {
  expect(queryOf(search("sender=&text=x&sort=size"))).toEqual({ sender: [""], text: "x" });
});

test("ages", () => {
  expect([ageBounds("0-300"), ageBounds("300-3600"), ageBounds("86400-"), ageBounds("old")]).toEqual([
    { youngerThan: "300" },
    { olderThan: "300", youngerThan: "3600" },
    { olderThan: "86400" },
    undefined,
  ]);
});
