import "server-only";
import type { HostConnection } from "../../remote/connection";
import { followLog, listLogs, readLogs } from "../../remote/log-verbs";
import { Flow } from "./flow";
import { journalSource } from "./journal-source";
import type { LogSource } from "./log-source";

/** A gigabyte over a slow line takes long, and nothing is lost when it is cut. */
const deadline = 6 * 3_600_000;

/**
 * The log of a host over SSH. `path` null: found among the places where Postfix logs, or else the journal; "journal":
 * that and nothing else.
 */
export function remoteSource(connection: HostConnection, path: string | null): LogSource {
  return {
    journal: path === null || path === "journal" ? journalSource(connection) : undefined,

    async list() {
      if (path === "journal") return [];
      const listed = await listLogs(connection, path ?? undefined);
      // Several places may hold a log: the one written last counts, with its rotations.
      const written = listed.filter((file) => file.path === file.base && file.readable);
      const [best] = written.sort((a, b) => b.mtime - a.mtime || b.size - a.size);
      return listed
        .filter((file) => file.base === best?.base)
        .map((file) => ({ ...file, current: file.path === file.base }));
    },

    async read({ path, inode }, offset, length, take, signal) {
      const flow = new Flow(take);
      let answer: Awaited<ReturnType<LogSource["read"]>> = { state: "gone", bytes: 0 };
      const handler = {
        data: (bytes: Buffer) => flow.push(bytes),
        file: (read: { state: "ok" | "changed" | "gone" | "unreadable"; bytes: number }) => {
          answer = read;
        },
        pace: () => flow.pace(),
      };
      await readLogs(connection, [{ path, inode, offset, length }], handler, { signal, deadline });
      await flow.end();
      return answer;
    },

    async peek({ path, inode }, offsets, length) {
      const found: Buffer[][] = [[]];
      await readLogs(
        connection,
        offsets.map((offset) => ({ path, inode, offset, length })),
        { data: (bytes) => found.at(-1)?.push(Buffer.from(bytes)), file: () => void found.push([]) },
        { deadline: 60_000 },
      );
      return offsets.map((_, at) => Buffer.concat(found[at] ?? []));
    },

    async follow({ path, inode }, offset, take, signal) {
      const flow = new Flow(take);
      let how: "renamed" | "truncated" | "gone" = "gone";
      const handler = {
        data: (bytes: Buffer) => {
          flow.push(bytes);
        },
        event: ({ event }: { event: "renamed" | "end" | "truncated" }) => {
          if (event !== "end") how = event;
        },
        pace: () => flow.pace(),
      };
      await followLog(connection, { path, inode, offset }, handler, { signal });
      await flow.end();
      return how;
    },
  };
}
