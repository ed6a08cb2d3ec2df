import "server-only";
import { chmodSync, closeSync, mkdirSync, openSync } from "node:fs";
import { dirname } from "node:path";
import { type Compilable, Kysely, SqliteDialect } from "kysely";
import Database from "libsql";

/** The state file cannot be used. The message names the file and the next step. */
export class StoreError extends Error {
  /** By its name: each bundle of the server has a copy of this class, and errors pass from one to another. */
  static override [Symbol.hasInstance](value: unknown): value is StoreError {
    return value instanceof Error && value.name === "StoreError";
  }
  override name = "StoreError";
}

type Value = string | number | bigint | null | Uint8Array;

/** libsql ends the whole process at a boolean and knows no Date: both become what SQLite has. */
function value(given: unknown): Value {
  if (given === undefined || given === null) return null;
  if (typeof given === "boolean") return given ? 1 : 0;
  if (given instanceof Date) return given.toISOString();
  if (typeof given === "object" && !(given instanceof Uint8Array)) throw new TypeError("not an SQLite value: object");
  return given as Value;
}

/**
 * One SQLite file and its one connection. Calls here are synchronous, so that a transaction of `atOnce` can never be
 * mixed with what another request writes; Kysely's own `transaction()`, which waits inside, is not to be used.
 */
export class Sqlite {
  readonly #raw: InstanceType<typeof Database>;
  constructor(readonly file: string) {
    this.#raw = open(file);
  }

  exec(sql: string): void {
    this.#raw.exec(sql);
  }

  prepare(sql: string) {
    const statement = this.#raw.prepare(sql);
    return {
      reader: statement.reader,
      all: (given: readonly unknown[]) => statement.all(given.map(value)) as unknown[],
      run: (given: readonly unknown[]) => statement.run(given.map(value)),
      iterate: (given: readonly unknown[]) => statement.iterate(given.map(value)),
    };
  }

  /** Rows of a text of SQL. */
  all<Row>(sql: string, ...given: unknown[]): Row[] {
    return this.prepare(sql).all(given) as Row[];
  }

  /** Runs a query built with Kysely at once: its rows (none for what answers none), or in `changes` the rows touched. */
  now<Row>(query: Compilable<Row>): { rows: Row[]; changes: number } {
    const { sql, parameters } = query.compile();
    const statement = this.prepare(sql);
    if (statement.reader) return { rows: statement.all(parameters) as Row[], changes: 0 };
    return { rows: [], changes: statement.run(parameters).changes };
  }

  /** One transaction around a synchronous function; all of it is on disk when this returns, or nothing is. */
  atOnce<T>(run: () => T): T {
    this.#raw.exec("BEGIN IMMEDIATE");
    try {
      const answer = run();
      if (answer instanceof Promise) throw new TypeError("atOnce takes a synchronous function");
      this.#raw.exec("COMMIT");
      return answer;
    } catch (error) {
      if (this.#raw.inTransaction) this.#raw.exec("ROLLBACK");
      throw error;
    }
  }

  /**
   * Inserts many rows of texts, numbers and nulls, 2,500 to a transaction (about 15 ms here), letting other work run between.
   * They go in as one text of JSON, which is several times as fast as parameters. A crash or an error leaves whole slices
   * behind: mark the owner as complete only afterwards. Answers the number of rows.
   */
  async insertRows(table: string, columns: readonly string[], rows: Iterable<readonly unknown[]>): Promise<number> {
    const names = columns.map((name) => `"${name}"`).join(",");
    const values = columns.map((_, at) => `value->>${at}`).join(",");
    const insert = this.prepare(`INSERT INTO "${table}" (${names}) SELECT ${values} FROM json_each(?)`);
    let total = 0;
    let slice: Value[][] = [];
    const flush = () => this.atOnce(() => insert.run([JSON.stringify(slice)]));
    for (const row of rows) {
      slice.push(row.map(value));
      if (slice.length < 2500) continue;
      flush();
      total += slice.length;
      slice = [];
      await new Promise((resolve) => setImmediate(resolve));
    }
    flush();
    return total + slice.length;
  }

  close(): void {
    if (this.#raw.open) this.#raw.close();
  }
}

/** The typed query builder over the same connection. */
export function queries<Tables>(sqlite: Sqlite): Kysely<Tables> {
  return new Kysely<Tables>({ dialect: new SqliteDialect({ database: sqlite }) });
}

function open(file: string) {
  try {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    closeSync(openSync(file, "a+", 0o600));
    // The -wal and -shm files get the mode of this one (sqlite.org/wal.html).
    chmodSync(file, 0o600);
  } catch (error) {
    throw new StoreError(
      `${file} cannot be written (${(error as Error).message}): give this user the folder, or set SLUICE_DATA_DIR to another.`,
    );
  }
  try {
    const raw = new Database(file);
    raw.exec("PRAGMA busy_timeout = 5000");
    raw.exec("PRAGMA journal_mode = WAL");
    raw.exec("PRAGMA synchronous = FULL");
    raw.exec("PRAGMA foreign_keys = ON");
    const said = raw.prepare("PRAGMA quick_check(1)").all([]) as { quick_check: string }[];
    if (said[0]?.quick_check !== "ok") throw new Error(said[0]?.quick_check ?? "no answer");
    return raw;
  } catch (error) {
    throw new StoreError(
      `${file} cannot be read as an SQLite database (${(error as Error).message}): put back a copy of it, or move it away to begin anew.`,
    );
  }
}
