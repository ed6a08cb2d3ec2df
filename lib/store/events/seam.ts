import "server-only";
import type { LogPosition } from "../../core/log-record";
import { hash } from "./hash";
import type { HostStore } from "./host-store";

/** A message that was open where older reading met newer records. */
export type Carried = { id: string; born: number; account: string | null; enveloped: boolean };

/** Where older reading ended: the time of its last line, and the line that newer reading began at (null for a journal). */
export type Seam = { at: number; line: LogPosition | null };

/** Clocks of different processes' lines are out of order by this much. */
const disorder = 5000;
const rowsAtOnce = 2000;

/**
 * Newer records were read first, so those of messages that had come in before the seam stand there without account and
 * under their first mention. They are given to their message, unless the id was used anew by then. Doing it again
 * changes nothing. Answers how many messages were open.
 */
export async function mendSeam(store: HostStore, carried: readonly Carried[], seam: Seam): Promise<number> {
  const from = seam.at - disorder;
  const span = { from, to: Number.MAX_SAFE_INTEGER };
  await store.withSession(async (session) => {
    await session.run(
      "CREATE OR REPLACE TEMP TABLE carried (idh BIGINT, born BIGINT, account BIGINT, enveloped BIGINT, until BIGINT)",
    );
    await session.run("CREATE OR REPLACE TEMP TABLE carried_names (h BIGINT, text VARCHAR)");
    for (let i = 0; i < carried.length; i += rowsAtOnce) {
      const part = carried.slice(i, i + rowsAtOnce);
      const values = part.map(({ id, born, account, enveloped }) =>
        [hash(id), born, account === null ? 0 : hash(account), enveloped ? 1 : 0, Number.MAX_SAFE_INTEGER].join(","),
      );
      await session.run(`INSERT INTO carried VALUES ${values.map((value) => `(${value})`).join(",")}`);
    }
    const accounts = [...new Set(carried.flatMap(({ account }) => (account === null ? [] : [account])))];
    for (let i = 0; i < accounts.length; i += rowsAtOnce)
      await session.run(
        `INSERT INTO carried_names VALUES ${accounts
          .slice(i, i + rowsAtOnce)
          .map((account) => `(${hash(account)}, '${account.replaceAll("'", "''")}')`)
          .join(",")}`,
      );
    await session.run(
      `UPDATE carried SET until = again.born FROM (SELECT s.idh, min(s.born) AS born FROM ${store.source("submits", span)} AS s
       JOIN carried AS c ON s.idh = c.idh AND s.born > c.born WHERE s.t >= ${from} GROUP BY s.idh) AS again WHERE carried.idh = again.idh`,
    );
  });
  await store.inFiles(span, async (database, session) => {
    const match = (table: string) =>
      `${table}.idh = c.idh AND ${table}.t >= ${from} AND ${table}.born >= ${from} AND ${table}.born < c.until`;
    const newer =
      seam.line === null
        ? "envelopes.born <> c.born"
        : `(envelopes.file <> ${seam.line.file} OR envelopes.off >= ${seam.line.offset})`;
    await session.run("BEGIN");
    try {
      // The queue manager's later look at a message is no second envelope.
      await session.run(
        `DELETE FROM ${database}.envelopes USING carried AS c WHERE ${match("envelopes")} AND ${newer} AND c.enveloped = 1`,
      );
      // Where lines are stamped by the second, the first mention behind the seam can bear the time of the one before it.
      for (const table of ["envelopes", "headers", "deliveries", "ends", "rejects"])
        await session.run(
          `UPDATE ${database}.${table} SET born = c.born, account = CASE WHEN ${table}.account = 0 THEN c.account ELSE ${table}.account END
           FROM carried AS c WHERE ${match(table)} AND (${table}.born <> c.born OR ${table}.account = 0)`,
        );
      // The account's name may be unknown in this file.
      await session.run(
        `INSERT INTO ${database}.names SELECT h, text FROM carried_names WHERE h NOT IN (SELECT h FROM ${database}.names)`,
      );
      await session.run("COMMIT");
    } catch (error) {
      await session.run("ROLLBACK").catch(() => {});
      throw error;
    }
  });
  return carried.length;
}
