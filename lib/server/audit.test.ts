import { expect, test } from "vitest";
import { Sqlite } from "../store/sqlite";
import { audit, canonical, exportAudit, firstBroken, listAudit } from "./audit";
import { state } from "./state";
import { freshState } from "./test-state";

freshState();
const write = (what: string) => audit("a@example.com", "mx1", what, { z: 1, a: ["<b>", null] });

/** As somebody with the file and no respect for triggers would. */
function tamper(sql: string) {
  state().sqlite.exec(
    "DROP TRIGGER audit_keeps_rows; DROP TRIGGER audit_keeps_values; DROP TRIGGER audit_keeps_places;",
  );
  state().sqlite.exec(sql);
}

test("entries are chained, listed newest first by pages, and exported oldest first", async () => {
  for (const what of ["one", "two", "three"]) await write(what);
  const first = listAudit(undefined, 2);
  expect(first.entries.map((entry) => [entry.seq, entry.what])).toEqual([
    [3, "three"],
    [2, "two"],
  ]);
  expect(first.next).toBe("2");
  expect(listAudit("2", 2)).toMatchObject({ entries: [{ seq: 1, what: "one" }], next: null });
  const lines = (await new Response(exportAudit()).text()).trim().split("\n");
  expect(lines.map((line) => JSON.parse(line).what)).toEqual(["one", "two", "three"]);
  expect(JSON.parse(lines[0] ?? "").detail).toEqual({ a: ["<b>", null], z: 1 });
  expect(await firstBroken()).toBeNull();
});

test("the table itself refuses changes and deletions", async () => {
  await write("one");
  const append = /append-only/;
  expect(() => state().sqlite.exec("UPDATE audit SET what = 'nothing'")).toThrow(append);
  expect(() => state().sqlite.exec("DELETE FROM audit")).toThrow(append);
  expect(() => state().sqlite.exec("REPLACE INTO audit VALUES (1, 1, 'x', NULL, 'x', '{}', 'x')")).toThrow(append);
});

test.each([
  ["another author", "UPDATE audit SET made_by = 'b@example.com' WHERE seq = 2", 2],
  ["another time", "UPDATE audit SET at = at + 1 WHERE seq = 1", 1],
  ["another detail", "UPDATE audit SET detail = '{}' WHERE seq = 3", 3],
  ["an entry taken out", "DELETE FROM audit WHERE seq = 2", 2],
  ["the first taken out", "DELETE FROM audit WHERE seq = 1", 1],
  ["the last taken out", "DELETE FROM audit WHERE seq = 3", 3],
  ["all taken out", "DELETE FROM audit", 1],
  ["two exchanged", "UPDATE audit SET seq = 9 WHERE seq = 1; UPDATE audit SET seq = 1 WHERE seq = 2", 1],
])("tampering is found: %s", async (_, sql, broken) => {
  for (const what of ["one", "two", "three"]) await write(what);
  tamper(sql);
  expect(await firstBroken()).toBe(broken);
});

test("tampering by another process is found although the chain was whole a moment ago", async () => {
  for (const what of ["one", "two", "three"]) await write(what);
  expect(await firstBroken()).toBeNull();
  await write("four");
  expect(await firstBroken()).toBeNull();
  const other = new Sqlite(state().sqlite.file);
  other.exec("DROP TRIGGER audit_keeps_values; UPDATE audit SET made_by = 'b@example.com' WHERE seq = 2");
  expect(await firstBroken()).toBe(2);
  other.close();
});

test("an entry that cannot be written is audit_failed", async () => {
  await write("one");
  state().sqlite.exec("CREATE TRIGGER full BEFORE INSERT ON audit BEGIN SELECT RAISE(ABORT, 'disk full'); END");
  await expect(write("two")).rejects.toMatchObject({ code: "audit_failed" });
  expect(listAudit(undefined).entries).toHaveLength(1);
});

test("one value has one text", () => {
  expect(canonical({ b: 1, a: { d: undefined, c: "é\n" } })).toBe(canonical({ a: { c: "é\n" }, b: 1 }));
  expect(canonical([undefined, null])).toBe("[null,null]");
});
