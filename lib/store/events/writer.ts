import "server-only";
import { own } from "../../core/log/head";
import type { LogRecord } from "../../core/log-record";
import { Batch, type NameHashes } from "./batch";
import type { ChunkAppender, DuckSession } from "./duck";
import { hashInto } from "./hash";
import { networkOf } from "./network";
import { type TableName, tableNames, tables } from "./tables";

/** Letters of a country as one integer (`DE` = 68 × 256 + 69); 0 where not known. Given by the caller. */
export type CountryOf = (address: string) => number;
/** Texts remembered as already in `names`. Above this they are forgotten: a name written twice does no harm. */
const namesKept = 200_000;
const textKept = 1000;
const cut = (text: string) => (text.length > textKept ? text.slice(0, textKept) : text);
const none = { net: 0, country: 0 };

/** Turns records into rows of one day file. Lives for one transaction at a time; the caches outlive it. */
export class RecordWriter {
  private readonly hashes: NameHashes = { words: new Int32Array(2 * 1024) };
  private readonly batches = Object.fromEntries(
    tableNames.map((name) => [name, new Batch(tables[name], this.hashes)]),
  ) as Record<TableName, Batch>;
  /** Full batches that {@link drain} has yet to hand to DuckDB. */
  private full: { table: TableName; batch: Batch }[] = [];
  private spare = new Map<TableName, Batch[]>();
  private target: { session: DuckSession; database: string } | null = null;
  private appenders = new Map<TableName, ChunkAppender>();
  /** Slots of names; see {@link NameHashes}. */
  private names = new Map<string, number>();
  /** By slot: the transaction in which the account was last met. */
  private met = new Uint32Array(1024);
  private transaction = 0;
  private places = new Map<string, { net: number; country: number }>();
  private unknowns = new Map<string, { count: number; record: LogRecord & { kind: "unknown" } }>();
  /** Accounts that something was written of since the transaction began. */
  accounts = new Set<string>();
  first = Number.POSITIVE_INFINITY;
  last = Number.NEGATIVE_INFINITY;
  rows = 0;

  constructor(private readonly country: CountryOf) {}

  /** Rows from now on go to this day file; call inside the transaction. */
  begin(session: DuckSession, database: string): void {
    this.target = { session, database };
    this.accounts = new Set();
    this.transaction++;
    this.first = Number.POSITIVE_INFINITY;
    this.last = Number.NEGATIVE_INFINITY;
    this.rows = 0;
  }

  /** Another day file knows none of the names. */
  forgetNames(): void {
    this.names.clear();
  }

  /** Hands over everything; call before the transaction is committed. */
  async end(): Promise<void> {
    for (const { count, record } of this.unknowns.values())
      this.row("unknowns", record)
        .number(count)
        .name(this.slot(record.program))
        .text(cut(record.shape))
        .text(cut(record.text))
        .end();
    this.unknowns.clear();
    for (const name of tableNames) if (this.batches[name].count > 0) this.seal(name);
    await this.drain();
    for (const appender of this.appenders.values()) appender.close();
    this.appenders.clear();
  }

  /** Hands full batches to DuckDB. To be called often: until then they are held in memory. */
  async drain(): Promise<void> {
    if (!this.target) throw new Error("no transaction");
    const { session, database } = this.target;
    for (const { table, batch } of this.full.splice(0)) {
      let appender = this.appenders.get(table);
      if (!appender) {
        appender = await session.appender(database, table, tables[table]);
        this.appenders.set(table, appender);
      }
      appender.append(batch.order(), batch.integers, batch.texts);
      batch.clear();
      const spare = this.spare.get(table);
      if (!spare) this.spare.set(table, [batch]);
      else if (spare.length < 2) spare.push(batch);
    }
  }

  /** After a failed transaction: rows not yet handed over are dropped, and names may not have been stored. */
  reset(): void {
    for (const name of tableNames) this.batches[name].clear();
    this.full = [];
    this.unknowns.clear();
    this.appenders.clear();
    this.names.clear();
  }

  add(record: LogRecord): void {
    if (record.at < this.first) this.first = record.at;
    if (record.at > this.last) this.last = record.at;
    this.rows++;
    switch (record.kind) {
      case "connect": {
        const { net, country } = this.place(record.clientAddress);
        this.row("connects", record)
          .key(record.session)
          .name(this.slot(record.instance))
          .name(this.slot(record.service))
          .number(record.pid)
          .name(this.slot(record.clientAddress))
          .name(this.slot(record.clientName))
          .number(net)
          .number(country)
          .end();
        return;
      }
      case "disconnect":
        this.row("disconnects", record)
          .key(record.session)
          .number(record.start ?? 0)
          .name(this.slot(record.clientAddress))
          .name(this.slot(record.clientName))
          .account(this.accountSlot(record.account))
          .number(record.authOk)
          .number(record.authTried)
          .name(this.slot(record.lost))
          .end();
        return;
      case "submit": {
        const { net, country } = record.clientAddress ? this.place(record.clientAddress) : none;
        const local = record.account === null && record.localUser !== null;
        this.message("submits", record)
          .text(record.id)
          .name(this.slot(record.instance))
          .name(this.slot(record.service))
          .key(record.session)
          .name(this.slot(record.clientAddress))
          .name(this.slot(record.clientName))
          .number(net)
          .number(country)
          .account(this.accountSlot(record.account ?? record.localUser))
          .number((record.logged ? 1 : 0) + (record.inherited ? 2 : 0) + (local ? 4 : 0))
          .name(this.slot(record.method))
          .key(record.origin)
          .end();
        return;
      }
      case "envelope": {
        const at = record.sender.lastIndexOf("@");
        this.message("envelopes", record)
          .account(this.accountSlot(record.account))
          .text(cut(record.sender))
          .name(this.slot(at < 0 ? "" : record.sender.slice(at + 1)))
          .number(record.size)
          .number(record.recipients)
          .end();
        return;
      }
      case "header":
        // One a message, and never asked for: it stands in the raw lines.
        if (record.name.toLowerCase() === "message-id") return;
        this.message("headers", record)
          .account(this.accountSlot(record.account))
          .name(this.slot(record.name))
          .text(cut(record.value))
          .end();
        return;
      case "delivery":
        this.message("deliveries", record)
          .account(this.accountSlot(record.account))
          .name(this.slot(record.agent))
          .text(cut(record.recipient))
          .name(this.slot(record.relay))
          .number(record.delay === null ? -1 : record.delay * 1000)
          .name(this.slot(record.dsn))
          .name(this.slot(record.status))
          // The reply to a message sent names the next host's queue id: always new text, and in the raw line.
          .text(record.status === "sent" ? "" : cut(record.reason))
          .end();
        return;
      case "end":
        this.message("ends", record)
          .account(this.accountSlot(record.account))
          .name(this.slot(record.how))
          .name(this.slot(record.how === "removed" ? "" : cut(record.detail)))
          .end();
        return;
      case "reject": {
        const { net, country } = record.clientAddress ? this.place(record.clientAddress) : none;
        this.row("rejects", record)
          .key(record.session)
          .key(record.message?.slice(0, record.message.lastIndexOf("@")) ?? null)
          .number(record.born)
          .account(this.accountSlot(record.account))
          .name(this.slot(record.clientAddress))
          .number(net)
          .number(country)
          .name(this.slot(record.verdict))
          .name(this.slot(record.stage))
          .name(this.slot(record.code))
          .name(this.slot(record.dsn))
          .text(cut(record.reason))
          .text(record.sender && cut(record.sender))
          .text(record.recipient && cut(record.recipient))
          .name(this.slot(record.helo))
          .end();
        return;
      }
      case "login": {
        const { net, country } = record.clientAddress ? this.place(record.clientAddress) : none;
        this.row("logins", record)
          .key(record.session)
          .name(this.slot(record.protocol))
          .account(this.accountSlot(record.account))
          .name(this.slot(record.clientAddress))
          .number(net)
          .number(country)
          .number(record.ok ? 1 : 0)
          .name(this.slot(record.method))
          .number(record.serverFault ? 1 : 0)
          .name(this.slot(cut(record.reason)))
          .number(record.times)
          .end();
        return;
      }
      case "gap":
        this.row("gaps", record)
          .number(record.missing ?? -1)
          .text(cut(record.reason))
          .end();
        return;
      case "notice":
        if (record.level === "info") return;
        this.row("notices", record)
          .name(this.slot(record.level))
          .name(this.slot(record.program))
          .text(cut(record.text))
          .end();
        return;
      case "unknown": {
        const seen = this.unknowns.get(record.shape);
        if (seen) {
          seen.count++;
          seen.record = record;
        } else if (this.unknowns.size < 1000) this.unknowns.set(own(record.shape), { count: 1, record });
        return;
      }
    }
  }

  private row(table: TableName, record: LogRecord): Batch {
    if (this.batches[table].full) this.seal(table);
    return this.batches[table].begin().number(record.at).number(record.line.file).number(record.line.offset);
  }

  /** A message is its queue id (hashed) and its first time. */
  private message(table: TableName, record: LogRecord & { id: string; born: number }): Batch {
    return this.row(table, record).key(record.id).number(record.born);
  }

  private accountSlot(text: string | null): number {
    if (text === null) return 0;
    const slot = this.slot(text);
    if (this.met[slot] !== this.transaction) {
      this.met[slot] = this.transaction;
      this.accounts.add(own(text));
    }
    return slot;
  }

  /** The slot of a text that can be looked up in `names` afterwards; 0 for none. */
  private slot(text: string | null): number {
    if (text === null || text === "") return 0;
    return this.names.get(text) ?? this.newName(text);
  }

  private newName(text: string): number {
    if (this.names.size >= namesKept) this.names.clear();
    const slot = this.names.size + 1;
    if (slot >= this.met.length) {
      const words = new Int32Array(this.met.length * 4);
      words.set(this.hashes.words);
      this.hashes.words = words;
      const met = new Uint32Array(this.met.length * 2);
      met.set(this.met);
      this.met = met;
    }
    const { words } = this.hashes;
    hashInto(text, words, slot * 2);
    this.met[slot] = 0;
    this.names.set(own(text), slot);
    if (this.batches.names.full) this.seal("names");
    this.batches.names
      .begin()
      .words(words[slot * 2] as number, words[slot * 2 + 1] as number)
      .text(text)
      .end();
    return slot;
  }

  private place(address: string): { net: number; country: number } {
    let place = this.places.get(address);
    if (!place) {
      if (this.places.size >= 50_000) this.places.clear();
      place = { net: networkOf(address), country: this.country(address) };
      this.places.set(own(address), place);
    }
    return place;
  }

  private seal(table: TableName): void {
    this.full.push({ table, batch: this.batches[table] });
    this.batches[table] = this.spare.get(table)?.pop() ?? new Batch(tables[table], this.hashes);
  }
}
