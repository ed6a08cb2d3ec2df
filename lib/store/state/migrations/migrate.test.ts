import { chmodSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { Sqlite, StoreError } from "../../sqlite";
import { openState } from "../open";
import { migrate, migrations } from "./migrate";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "sluice-state-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

test("a new file is made, readable by its owner alone, and opening it again changes nothing", () => {
  const file = join(folder, "deep", "sluice.db");
  const first = openState(file);
  const schema = first.sqlite.all("SELECT name, sql FROM sqlite_master ORDER BY name");
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(statSync(`${file}-wal`).mode & 0o777).toBe(0o600);
  first.close();
  const second = openState(file);
  expect(second.sqlite.all("SELECT name, sql FROM sqlite_master ORDER BY name")).toEqual(schema);
  expect(second.sqlite.all("PRAGMA user_version")).toEqual([{ user_version: migrations.length }]);
  second.close();
});

test("a step that fails leaves the file at the step before", () => {
  const sqlite = new Sqlite(join(folder, "a.db"));
  expect(() => migrate(sqlite, ["CREATE TABLE a (x)", "CREATE TABLE b (x); CREATE TABLE a (y)"])).toThrow();
  expect(sqlite.all("PRAGMA user_version")).toEqual([{ user_version: 1 }]);
  expect(sqlite.all("SELECT name FROM sqlite_master")).toEqual([{ name: "a" }]);
  sqlite.close();
});

test("a file of a newer version is refused", () => {
  const sqlite = new Sqlite(join(folder, "a.db"));
  sqlite.exec("PRAGMA user_version = 999");
  expect(() => migrate(sqlite)).toThrow(/newer Sluice/);
  sqlite.close();
});

test("what is not a database is named, with what to do", () => {
  const file = join(folder, "sluice.db");
  writeFileSync(file, "not a database ".repeat(500));
  expect(() => openState(file)).toThrow(StoreError);
  expect(() => openState(file)).toThrow(/sluice\.db cannot be read as an SQLite database .*: put back a copy/);
});

test("a folder that cannot be made is named, with what to do", () => {
  writeFileSync(join(folder, "file"), "");
  chmodSync(join(folder, "file"), 0o600);
  expect(() => openState(join(folder, "file", "sluice.db"))).toThrow(/cannot be written .* or set SLUICE_DATA_DIR/);
});

test("many rows go in whole, and values that SQLite does not know are turned into ones it does", async () => {
  const sqlite = new Sqlite(join(folder, "a.db"));
  sqlite.exec("CREATE TABLE t (n INTEGER PRIMARY KEY, a, b)");
  const rows = Array.from({ length: 2345 }, (_, n) => [n, n % 2 === 0, undefined]);
  expect(await sqlite.insertRows("t", ["n", "a", "b"], rows)).toBe(2345);
  expect(sqlite.all("SELECT count(*) AS n, sum(a) AS even, count(b) AS b FROM t")).toEqual([
    { n: 2345, even: 1173, b: 0 },
  ]);
  expect(() =>
    sqlite.atOnce(() => {
      sqlite.exec("DELETE FROM t");
      throw new Error("stop");
    }),
  ).toThrow("stop");
  expect(sqlite.all("SELECT count(*) AS n FROM t")).toEqual([{ n: 2345 }]);
  sqlite.close();
});
