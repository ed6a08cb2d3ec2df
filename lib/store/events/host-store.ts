import "server-only";
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { LogRecord } from "../../core/log-record";
import type { Duck, DuckSession, Row, Value } from "./duck";
import { createTables, formatVersion, type TableName } from "./tables";
import { type CountryOf, RecordWriter } from "./writer";

const dayMs = 86_400_000;
type DayFile = { day: string; database: string; first: number; last: number };
/** Times in ms; `from` inclusive, `to` exclusive. */
export type Span = { from: number; to: number };

/**
 * What a piece goes on from: `state` is small, `snapshot` is what the reader remembers and may be some megabytes, so most
 * commits only add a `change` to it. Read again, the changes stand behind the snapshot, a line each.
 */
export type Checkpoint = { state: string; snapshot: string | null; change?: string | null };

let attached = 0;
const dayOf = (at: number) => new Date(at).toISOString().slice(0, 10);
const quote = (path: string) => `'${path.replaceAll("'", "''")}'`;

/**
 * The events of one host: a DuckDB file for each day (UTC). A transaction writes to one file only, rows and checkpoint
 * together: so a batch goes whole into the file of its first record's day, and each file knows the span of times that
 * is really in it.
 */
export class HostStore {
  private files = new Map<string, DayFile>();
  private seq = 0;
  private open: DayFile | null = null;
  /** In which file each piece's snapshot stands; its changes go into the same. */
  private readonly snapshots = new Map<string, DayFile>();
  private readonly writer: RecordWriter;
  /** What went wrong with a file when it was opened, for the host's page. */
  readonly notices: string[] = [];

  private constructor(
    private readonly duck: Duck,
    private readonly session: DuckSession,
    private readonly folder: string,
    country: CountryOf,
  ) {
    this.writer = new RecordWriter(country);
  }

  static async open(duck: Duck, folder: string, country: CountryOf): Promise<HostStore> {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const store = new HostStore(duck, await duck.session(), folder, country);
    for (const name of readdirSync(folder).sort()) {
      const day = /^(\d{4}-\d\d-\d\d)\.duckdb$/.exec(name)?.[1];
      if (!day) continue;
      try {
        await store.attach(day);
      } catch (error) {
        store.setAside(day, error);
      }
    }
    return store;
  }

  private setAside(day: string, error: unknown): void {
    const path = join(this.folder, `${day}.duckdb`);
    const aside = `${path}.broken-${Date.now()}`;
    renameSync(path, aside);
    rmSync(`${path}.wal`, { force: true });
    this.notices.push(
      `The stored events of ${day} could not be read (${error instanceof Error ? error.message.split("\n")[0] : "unknown"}); they are read anew from the host's log.`,
    );
  }

  private async attach(day: string): Promise<DayFile> {
    const database = `d${++attached}`;
    await this.session.run(`ATTACH ${quote(join(this.folder, `${day}.duckdb`))} AS ${database}`);
    try {
      for (const sql of createTables(database)) await this.session.run(sql);
      const version = (await this.session.query(`SELECT max(version) AS version FROM ${database}.format`))[0]?.version;
      if (version === null) await this.session.run(`INSERT INTO ${database}.format VALUES (${formatVersion})`);
      else if (Number(version) !== formatVersion) throw new Error(`format ${version}`);
      const span = (
        await this.session.query(
          `SELECT min(first) AS first, max(last) AS last, greatest(max(seq), (SELECT max(seq) FROM ${database}.checkpoints)) AS seq FROM ${database}.spans`,
        )
      )[0];
      this.seq = Math.max(this.seq, Number(span?.seq ?? 0));
      const file = {
        day,
        database,
        first: span?.first == null ? Number.POSITIVE_INFINITY : Number(span.first),
        last: span?.last == null ? Number.NEGATIVE_INFINITY : Number(span.last),
      };
      this.files.set(day, file);
      return file;
    } catch (error) {
      await this.session.run(`DETACH ${database}`).catch(() => {});
      throw error;
    }
  }

  /** The newest state of every piece that was ever committed. */
  async checkpoints(): Promise<Map<string, Checkpoint>> {
    const found = new Map<string, Checkpoint & { seq: number; file: DayFile }>();
    for (const file of this.files.values()) {
      for (const row of await this.session.query(`SELECT piece, seq, state FROM ${file.database}.checkpoints`)) {
        const known = found.get(String(row.piece));
        if (!known || known.seq < Number(row.seq))
          found.set(String(row.piece), { seq: Number(row.seq), state: String(row.state), snapshot: null, file });
      }
    }
    for (const [piece, each] of found) {
      const rows = await this.session.query(
        `SELECT whole, text FROM ${each.file.database}.snapshots WHERE piece = $1 ORDER BY seq`,
        [piece],
      );
      if (rows.length === 0 || Number(rows[0]?.whole) !== 1) continue;
      each.snapshot = rows.map((row) => String(row.text)).join("\n");
    }
    return new Map([...found].map(([piece, { state, snapshot }]) => [piece, { state, snapshot }]));
  }

  /** Whether a change is enough for the next commit of the piece. */
  holdsSnapshot(piece: string): boolean {
    return this.open !== null && this.snapshots.get(piece) === this.open;
  }

  /** Begins a transaction; records added until {@link commit} go into the file of the day of `at`. */
  async begin(at: number): Promise<void> {
    const day = dayOf(at);
    if (this.open?.day !== day) this.writer.forgetNames();
    this.open = this.files.get(day) ?? (await this.attach(day));
    await this.session.run("BEGIN");
    this.writer.begin(this.session, this.open.database);
  }

  add(record: LogRecord): void {
    this.writer.add(record);
  }

  /** Hands what was added to DuckDB; it is durable only after {@link commit}. */
  drain(): Promise<void> {
    return this.writer.drain();
  }

  /** Makes rows and the piece's state durable together. Answers the accounts that were written of. */
  async commit(piece: string, { state, snapshot, change }: Checkpoint): Promise<string[]> {
    const file = this.open as DayFile;
    await this.writer.end();
    const seq = ++this.seq;
    const { first, last, rows } = this.writer;
    await this.session.run(`DELETE FROM ${file.database}.checkpoints WHERE piece = $1`, [piece]);
    await this.session.run(`INSERT INTO ${file.database}.checkpoints VALUES ($1, ${seq}, $2)`, [piece, state]);
    if (snapshot !== null) {
      await this.session.run(`DELETE FROM ${file.database}.snapshots WHERE piece = $1`, [piece]);
      await this.session.run(`INSERT INTO ${file.database}.snapshots VALUES ($1, ${seq}, 1, $2)`, [piece, snapshot]);
    } else if (change != null)
      await this.session.run(`INSERT INTO ${file.database}.snapshots VALUES ($1, ${seq}, 0, $2)`, [piece, change]);
    const next = { first: Math.min(file.first, first), last: Math.max(file.last, last) };
    if (rows > 0 && (next.first < file.first || next.last > file.last)) {
      await this.session.run(`DELETE FROM ${file.database}.spans`);
      await this.session.run(`INSERT INTO ${file.database}.spans VALUES (${seq}, ${next.first}, ${next.last})`);
    } else await this.session.run(`UPDATE ${file.database}.spans SET seq = ${seq}`);
    await this.session.run("COMMIT");
    Object.assign(file, next);
    if (snapshot !== null) {
      const before = this.snapshots.get(piece);
      this.snapshots.set(piece, file);
      if (before && before !== file && this.files.get(before.day) === before)
        await this.session.run(`DELETE FROM ${before.database}.snapshots WHERE piece = $1`, [piece]);
    }
    return [...this.writer.accounts];
  }

  async rollback(): Promise<void> {
    this.writer.reset();
    await this.session.run("ROLLBACK").catch(() => {});
  }

  /** Work on the writer's connection outside of a transaction. */
  withSession<T>(run: (session: DuckSession) => Promise<T>): Promise<T> {
    return run(this.session);
  }

  /** Work in every file that overlaps the span; used to mend seams. */
  async inFiles(span: Span, run: (database: string, session: DuckSession) => Promise<void>): Promise<void> {
    for (const file of this.overlapping(span)) await run(file.database, this.session);
    this.writer.forgetNames();
  }

  private overlapping(span: Span): DayFile[] {
    return [...this.files.values()].filter((file) => file.first < span.to && file.last >= span.from);
  }

  /** A table of all files that overlap the span, to stand in a FROM. */
  source(table: TableName, span: Span): string {
    const files = this.overlapping(span);
    if (files.length === 0) {
      const any = this.files.values().next().value;
      return any ? `(SELECT * FROM ${any.database}.${table} WHERE false)` : "";
    }
    if (files.length === 1) return `${files[0]?.database}.${table}`;
    return `(${files.map((file) => `SELECT * FROM ${file.database}.${table}`).join(" UNION ALL ")})`;
  }

  /** False until something was stored: then no query can be made. */
  get any(): boolean {
    return this.files.size > 0;
  }

  /** Oldest and newest time stored; null without any. */
  get span(): Span | null {
    let from = Number.POSITIVE_INFINITY;
    let to = Number.NEGATIVE_INFINITY;
    for (const file of this.files.values()) {
      from = Math.min(from, file.first);
      to = Math.max(to, file.last);
    }
    return from <= to ? { from, to: to + 1 } : null;
  }

  query(sql: string, params: readonly Value[] = []): Promise<Row[]> {
    return this.duck.query(sql, params);
  }

  /** Removes the files whose last event is older than `before`; answers how many. */
  async dropBefore(before: number): Promise<number> {
    let dropped = 0;
    for (const file of [...this.files.values()]) {
      const last = Number.isFinite(file.last) ? file.last : Date.parse(file.day) + dayMs;
      if (last >= before || this.files.size === 1) continue;
      this.files.delete(file.day);
      if (this.open === file) this.open = null;
      await this.session.run(`DETACH ${file.database}`).catch(() => {});
      for (const end of ["", ".wal"]) rmSync(join(this.folder, `${file.day}.duckdb${end}`), { force: true });
      dropped++;
    }
    return dropped;
  }

  async close(): Promise<void> {
    for (const file of this.files.values()) await this.session.run(`DETACH ${file.database}`).catch(() => {});
    this.session.close();
  }

  /** Everything of this host is forgotten: it is read anew. */
  async remove(): Promise<void> {
    await this.close();
    this.files.clear();
    if (existsSync(this.folder)) rmSync(this.folder, { recursive: true, force: true });
  }
}
