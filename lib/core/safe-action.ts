import { unquoted } from "./address";
import type { MessageIdentity } from "./queue";

/** What a queue file says of itself: its envelope records, read where they can no longer change. Arrival in ms. */
export type SeenIdentity = { arrival: number; size: number; sender: string; account: string | null };
export type Difference = "arrival" | "size" | "sender" | "account";

/**
 * In what a message is another than the one that was planned; empty: it is the same. Ids are reused, so an id alone
 * says nothing. The account and the sender are compared exactly: another case, a plus-tag, quotes or a look-alike
 * letter are another's. (The listing quotes a local part that needs it and the file does not; see {@link unquoted}.)
 */
export function differences(planned: MessageIdentity, seen: SeenIdentity): Difference[] {
  const found: Difference[] = [];
  if (Math.floor(planned.arrival / 1000) !== Math.floor(seen.arrival / 1000)) found.push("arrival");
  if (planned.size !== seen.size) found.push("size");
  if (!sameSender(planned.sender, seen.sender)) found.push("sender");
  if (planned.account !== seen.account) found.push("account");
  return found;
}

/** `listed` as postqueue shows it: quoted where needed, and `?` for what cannot be printed (showq(8)). */
function sameSender(listed: string, inFile: string): boolean {
  if (listed === inFile || unquoted(listed) === inFile) return true;
  return /\p{Cc}/u.test(inFile) && unquoted(listed) === inFile.replace(/\p{Cc}/gu, "?");
}

/** The outcome of a message that is another than planned. */
export const skipFor = (found: Difference[]): "other-account" | "changed" =>
  found.length === 1 && found[0] === "account" ? "other-account" : "changed";

/** Why a message of a plan was not done; as in the contract. */
export type Skip =
  | "gone"
  | "changed"
  | "delivered"
  | "in-delivery"
  | "other-account"
  | "cancelled"
  | "error"
  | "unknown";
export type Outcome = "done" | Skip;

export type Kind = "hold" | "release" | "requeue" | "flush" | "purge" | "aside";
/** Those that put the message into the archive and take it off the queue. */
export const archives = (kind: Kind): boolean => kind === "purge" || kind === "aside";
export const canBeUndone = (kind: Kind): boolean => archives(kind) || kind === "hold" || kind === "release";

/**
 * What the host's script runs, to be read and copied: `IDS` stands for the plan's queue ids, one a line. The order is
 * the order of the run; between the lines the messages are compared with the plan.
 */
export function commandsOf(kind: Kind): string[] {
  const look = "postqueue -j";
  const hold =
    "mv -n QUEUE_FILE $queue_directory/hold/   # each of IDS; what is in incoming: postsuper -h - incoming active deferred";
  const identify = "postcat -e QUEUE_FILE   # arrival, size, sender, account of each";
  const ways: Record<Kind, string[]> = {
    hold: [hold, identify, look],
    release: [identify, "postsuper -H - hold   # ids on stdin: IDS", look],
    requeue: [hold, identify, "postsuper -r - hold   # ids on stdin: IDS", look],
    flush: [identify, "postqueue -i ID   # each of IDS"],
    purge: [
      hold,
      "ln $queue_directory/hold/ID $queue_directory/sluice/ACTION/ID   # each of IDS",
      identify,
      "flock -xn QUEUE_FILE   # wait for a delivery agent",
      "rm $queue_directory/hold/ID   # of those that are the planned messages, the same file as the linked one",
      look,
    ],
    aside: [],
  };
  return kind === "aside" ? ways.purge : ways[kind];
}
