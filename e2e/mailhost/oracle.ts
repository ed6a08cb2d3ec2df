import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { MailHost } from "./host";

export type QueueName = "incoming" | "active" | "deferred" | "hold" | "maildrop" | "corrupt";
export type QueuedMessage = {
  id: string;
  queue: string;
  arrival: number;
  size: number;
  sender: string;
  recipients: string[];
};

/** What a test believes: the host's own files and tools, read without the product. */
export function oracle(host: MailHost) {
  const spool = (instance = "postfix") => join(host.dir, "var/spool", instance);
  const oneLine = async (command: string, args: string[] = []) => Number((await host.exec(command, args)).trim());

  return {
    /** The queue as postqueue -j lists it. A message that moved while showq looked is listed twice; it is kept once. */
    async queue(instance = "postfix"): Promise<Map<string, QueuedMessage>> {
      const text = await host.exec(`postqueue -c /etc/${instance} -j`);
      const found = new Map<string, QueuedMessage>();
      for (const line of text.split("\n").filter(Boolean)) {
        const row = JSON.parse(line);
        found.set(row.queue_id, {
          id: row.queue_id,
          queue: row.queue_name,
          arrival: row.arrival_time,
          size: row.message_size,
          sender: row.sender,
          recipients: row.recipients.map((recipient: { address: string }) => recipient.address),
        });
      }
      return found;
    },

    /** The queue files by id, whatever their queue, from the directories alone. */
    files(instance = "postfix"): Map<string, { queue: QueueName; path: string }> {
      const found = new Map<string, { queue: QueueName; path: string }>();
      for (const queue of ["incoming", "active", "deferred", "hold", "corrupt"] as const) {
        for (const path of walk(join(spool(instance), queue)))
          found.set(path.slice(path.lastIndexOf("/") + 1), { queue, path });
      }
      return found;
    },

    /** SHA-256 of a queue file by id. Postfix overwrites a recipient's "to do" mark in place, so only untouched mail compares. */
    hashes(ids: Iterable<string>, instance = "postfix"): Map<string, string> {
      const files = this.files(instance);
      const hashes = new Map<string, string>();
      for (const id of ids) {
        const file = files.get(id);
        if (file) hashes.set(id, createHash("sha256").update(readFileSync(file.path)).digest("hex"));
      }
      return hashes;
    },

    /** The account that a queue file's own records name, by postcat; null when nobody logged in. */
    async account(id: string, instance = "postfix"): Promise<string | null> {
      const text = await host.exec(`postcat -c /etc/${instance} -qe "$1"`, [id]);
      return /^named_attribute: sasl_username=(.*)$/m.exec(text)?.[1] ?? null;
    },

    /** Messages that the log gives to a login: `grep -c` of lines with a queue id and its sasl_username. */
    logged(account: string): Promise<number> {
      const pattern = `: [0-9A-Za-z]+: client=.*, sasl_username=${account.replace(/[.+*?^$()[\]{}|\\]/g, "\\$&")}(,|$)`;
      return oneLine(`grep -cE "$1" "$2" || true`, [pattern, host.logPath ?? ""]);
    },

    /** Log lines that hold a fixed string. */
    lines(text: string): Promise<number> {
      return oneLine(`grep -cF -- "$1" "$2" || true`, [text, host.logPath ?? ""]);
    },

    /** What the relay took: envelope sender and recipients of each message. */
    delivered(): { sender: string; recipients: string[] }[] {
      return readdirSync(host.sinkDir).map((name) => {
        const text = readFileSync(join(host.sinkDir, name), "latin1");
        const head = text.split(/\r?\n/, 500);
        const args = (header: string) =>
          head.filter((line) => line.startsWith(`${header}: `)).map((line) => /<([^>]*)>/.exec(line)?.[1] ?? "");
        return { sender: args("X-Mail-Args")[0] ?? "", recipients: args("X-Rcpt-Args") };
      });
    },

    /**
     * Waits until the queue holds exactly `count` messages and none is moving, twice in a row: what goes back to active
     * while the directories are read is missed by one look.
     */
    async settled(count: number, withinMs = 60_000): Promise<void> {
      const until = Date.now() + withinMs;
      for (let before = false; ; ) {
        const files = [...this.files().values()];
        const moving = files.filter(({ queue }) => queue === "incoming" || queue === "active").length;
        const now = files.length === count && moving === 0;
        if (now && before) return;
        before = now;
        if (Date.now() > until)
          throw new Error(`the queue has ${files.length} messages, ${moving} moving, not ${count} at rest`);
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
    },
  };
}

function walk(folder: string): string[] {
  try {
    return readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath ?? entry.path, entry.name));
  } catch {
    // A folder of a hashed queue can go while it is read.
    return [];
  }
}
