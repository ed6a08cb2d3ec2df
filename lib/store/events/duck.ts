import "server-only";
import {
  BIGINT,
  type DuckDBAppender,
  type DuckDBConnection,
  DuckDBDataChunk,
  DuckDBInstance,
  type DuckDBValue,
  type DuckDBVector,
  VARCHAR,
} from "@duckdb/node-api";
import duckdb from "@duckdb/node-bindings";
import type { Column } from "./tables";

/** Rows in one DuckDB vector; a chunk is never larger. */
export const chunkRows = 2048;
export type Value = string | number | bigint | boolean | null;
export type Row = Record<string, Value>;

/**
 * One DuckDB for the process: an empty database in memory to which the hosts' day files are attached. It must not
 * outgrow a small machine, so memory and threads are limited and larger work spills into `spill`.
 */
export class Duck {
  private idle: DuckDBConnection[] = [];
  private constructor(private readonly instance: DuckDBInstance) {}

  static async open(spill: string, memoryMb = 128): Promise<Duck> {
    const instance = await DuckDBInstance.create(":memory:", {
      memory_limit: `${memoryMb}MB`,
      threads: "2",
      temp_directory: spill,
      preserve_insertion_order: "false",
    });
    return new Duck(instance);
  }

  async session(): Promise<DuckSession> {
    return new DuckSession(await this.instance.connect());
  }

  /** Runs one query on a connection of its own, so that queries do not wait for each other or for the writer. */
  async query(sql: string, params: readonly Value[] = []): Promise<Row[]> {
    const connection = this.idle.pop() ?? (await this.instance.connect());
    try {
      return await rows(connection, sql, params);
    } finally {
      if (this.idle.length < 4) this.idle.push(connection);
      else connection.closeSync();
    }
  }

  close(): void {
    for (const connection of this.idle.splice(0)) connection.closeSync();
    this.instance.closeSync();
  }
}

async function rows(connection: DuckDBConnection, sql: string, params: readonly Value[]): Promise<Row[]> {
  const reader = params.length
    ? await connection.runAndReadAll(sql, params as DuckDBValue[])
    : await connection.runAndReadAll(sql);
  return reader.getRowObjects() as Row[];
}

/** A connection that holds transactions: there is one a host, for its writer. */
export class DuckSession {
  /** One a table, used again and again: their memory is DuckDB's, of which the garbage collector knows nothing. */
  private readonly chunks = new Map<string, DuckDBDataChunk>();
  constructor(private readonly connection: DuckDBConnection) {}

  async run(sql: string, params: readonly Value[] = []): Promise<void> {
    if (params.length) await this.connection.run(sql, params as DuckDBValue[]);
    else await this.connection.run(sql);
  }

  query(sql: string, params: readonly Value[] = []): Promise<Row[]> {
    return rows(this.connection, sql, params);
  }

  async appender(database: string, table: string, columns: readonly Column[]): Promise<ChunkAppender> {
    let chunk = this.chunks.get(table);
    if (!chunk) {
      const types = columns.map((column) => (column.text ? VARCHAR : BIGINT));
      chunk = DuckDBDataChunk.create(types, chunkRows);
      // A vector is as long as the chunk was when it was first asked for.
      for (let i = 0; i < types.length; i++) chunk.getColumnVector(i);
      this.chunks.set(table, chunk);
    }
    return new ChunkAppender(await this.connection.createAppender(table, "main", database), columns, chunk);
  }

  close(): void {
    this.connection.closeSync();
  }
}

/** What vectors of BIGINT and VARCHAR have inside. */
type RawVector = { items: BigInt64Array; vector: Parameters<typeof duckdb.copy_data_to_vector>[0] };
/** Texts of up to so many bytes stand in the vector itself; see duckdb_string_t in duckdb.h. */
const inlined = 12;

/**
 * Appends whole vectors, the rows in the order given. A value by value appender costs 3 to 5 times as much: here the
 * integers of a column are copied, and its texts go over as one, of which each row then is a part.
 */
export class ChunkAppender {
  constructor(
    private readonly appender: DuckDBAppender,
    private readonly columns: readonly Column[],
    private readonly chunk: DuckDBDataChunk,
  ) {}

  /** `integers[i]` holds low and high words by turns; `texts[i]` the text columns. Both by column number. */
  append(order: Int32Array, integers: readonly (Int32Array | null)[], texts: readonly (string[] | null)[]): void {
    for (let start = 0; start < order.length; start += chunkRows)
      this.appendChunk(order.subarray(start, start + chunkRows), integers, texts);
  }

  private appendChunk(
    order: Int32Array,
    integers: readonly (Int32Array | null)[],
    texts: readonly (string[] | null)[],
  ): void {
    const { chunk } = this;
    const count = order.length;
    chunk.reset();
    chunk.rowCount = count;
    for (let i = 0; i < this.columns.length; i++) {
      const vector = chunk.getColumnVector(i);
      const words = integers[i];
      if (words) {
        const { items } = vector as unknown as RawVector;
        const to = new Int32Array(items.buffer, items.byteOffset, count * 2);
        for (let row = 0; row < count; row++) {
          const from = (order[row] as number) * 2;
          to[row * 2] = words[from] as number;
          to[row * 2 + 1] = words[from + 1] as number;
        }
        vector.flush();
      } else {
        const values = texts[i] as string[];
        const ordered = new Array<string>(count);
        for (let row = 0; row < count; row++) ordered[row] = values[order[row] as number] as string;
        setTexts(vector, ordered);
      }
    }
    this.appender.appendDataChunk(chunk);
  }

  close(): void {
    this.appender.closeSync();
  }
}

const strings = new Uint32Array(chunkRows * 4);
const stringBytes = new Uint8Array(strings.buffer);

function setTexts(vector: DuckDBVector, values: readonly string[]): void {
  const raw = (vector as unknown as RawVector).vector;
  const whole = values.join("");
  const source = Buffer.from(whole, "utf8");
  if (source.length !== whole.length || source.includes(0)) {
    // DuckDB's C strings end at a NUL, so it is shown as U+2400.
    for (const [row, value] of values.entries())
      duckdb.vector_assign_string_element(raw, row, value.replaceAll("\0", "␀"));
    return;
  }
  // DuckDB keeps a copy and says where; the rows' texts are parts of it.
  let low = 0;
  let high = 0;
  if (whole.length > inlined) {
    duckdb.vector_assign_string_element(raw, 0, whole);
    const view = duckdb.vector_get_data(raw, 16);
    const words = new DataView(view.buffer, view.byteOffset, 16);
    low = words.getUint32(8, true);
    high = words.getUint32(12, true);
  }
  let at = 0;
  for (let row = 0; row < values.length; row++) {
    const { length } = values[row] as string;
    const word = row * 4;
    strings[word] = length;
    strings[word + 1] = 0;
    strings[word + 2] = 0;
    strings[word + 3] = 0;
    const shown = length > inlined ? 4 : length;
    for (let i = 0; i < shown; i++) stringBytes[row * 16 + 4 + i] = source[at + i] as number;
    if (length > inlined) {
      const address = low + at;
      strings[word + 2] = address >>> 0;
      strings[word + 3] = address > 0xffffffff ? high + 1 : high;
    }
    at += length;
  }
  duckdb.copy_data_to_vector(raw, 0, strings.buffer, 0, values.length * 16);
}
