import "server-only";
import type { HostConnection } from "../../remote/connection";
import { followJournal, readJournal } from "../../remote/log-verbs";
import { Flow } from "./flow";
import type { JournalLog } from "./log-source";

const newline = Buffer.from("\n");

/** The journal of a host over SSH, each entry one line of JSON. */
export function journalSource(connection: HostConnection): JournalLog {
  return {
    async read(from, limit, until, take, signal) {
      const flow = new Flow(take);
      let over = false;
      let entries = 0;
      const onEntry = (json: string) => {
        entries++;
        if (over || (until !== null && timeOf(json) >= until)) over = true;
        else flow.push(Buffer.concat([Buffer.from(json), newline]));
      };
      await readJournal(connection, from, limit, onEntry, { signal, pace: () => flow.pace() });
      await flow.end();
      return { more: entries >= limit && !over };
    },
    async follow(cursor, take, signal) {
      const flow = new Flow(take);
      const onEntry = (json: string) => flow.push(Buffer.concat([Buffer.from(json), newline]));
      await followJournal(connection, cursor, onEntry, { signal, pace: () => flow.pace() });
      await flow.end();
    },
  };
}

/** When the journal took the entry, ms; journalctl's `--since` goes by it. */
export function timeOf(json: string): number {
  const found = /"__REALTIME_TIMESTAMP"\s*:\s*"(\d+)"/.exec(json);
  return found ? Math.floor(Number(found[1]) / 1000) : 0;
}
